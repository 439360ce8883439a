"""Types of expressions: what Kamailio 5.6.3 refuses (``kamailio -c``), and what it takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.model.kamailio import KamailioTree
from cfglint.model.kamailio.expression_types import mismatches
from cfglint.syntax.kamailio.nodes import Expression, Function, Prefixed

REFUSED = """
!"1"    not "1"    !!"a"    "a" && 1    1 or "a"    $rU && "a"    "a" < 5    $rU < "a"    "a" <= "b"    5 == "a"
5 eq "a"    5 ne "a"    5 =~ "a"    5 =~ $rU    "a" - 1 == 1    1 + "a" == 1    -"a" == 1    ~"a" == 1    2 mod "a"
strlen(5) == 1    strempty(5)    !(str)5    1 << "a"    "a" ^ 1    f() == "1"    f() && "a"    ($rU == "a") == "b"
"a" ieq "b"    $rU ine "a"    $null && "a"    strlen("a") == "b"    "a" == "b" == "c"    ("a" + $rU) && 1
5 == ("a" + $rU)    @to.uri.user && "a"    $rU == !"a"    - $rU == "a"    strlen(5+5)==1    strempty(1==1)
(1==1) =~ "a"    (5+$rU) == "a"    5 == (str)5    (int)5 == "a"    method == "a" && "b"    ($var(x) = 1) == "a"
defined $rU == "a"    (str)$rU && 1    selval(!"a", 5, 6)    5 == $null    yes == "a"    5 + 5 + "a" == 5    f(!"a")
f(5 == "a")    "a" "b" && 1    method == ("a" && 1)    1 && 2 && "a"
"""
TAKEN = """
"a" == 5    "a" =~ 5    $rU =~ 5    "a" + 1 == "a1"    strlen("a") == 1    defined "a"    !5    "a"    5    ("a")
(int)"a" == 1    (str)5 == "5"    $rU + "a" && 1    !($rU + "a")    5 == $rU + "a"    selval(1,"a","b") && 1
!strlen("b")    !(defined $rU)    5 == $rU    strlen("a"+5)==1    "a" =~ (1==1)    $rU =~ strlen("a")    ($rU+5) == "a"
5 == (1==1)    method == 5    src_port == "a"    af == "a"    ($var(x) = "a") && 1    "a" == $null
strlen($var(x)+1)==1
$rU + 5 + "a" == 5    "a" + 5 + 5 == 5    f("a" + 1)    "a" == "b" && "c" == "d"    selval("a", 5, 6)    !$null
"""


def cases(text: str) -> list[str]:
    """The expressions, which four blanks set apart."""
    return [case.strip() for line in text.splitlines() for case in line.split("    ") if case.strip()]


def refused(folder: Path, expression: str) -> bool:
    path = folder / "kamailio.cfg"
    path.write_text(f"#!KAMAILIO\nrequest_route {{\n    if ({expression}) exit;\n}}\n")
    kamailio = KamailioTree(str(path), Files(), Targets()).kamailio
    assert kamailio.config.problems == []
    kinds = (Expression, Prefixed, Function)
    return any(list(mismatches(located.node)) for kind in kinds for located in kamailio.nodes(kind))


@pytest.mark.parametrize("expression", cases(REFUSED))
def test_refused(tmp_path: Path, expression: str) -> None:
    assert refused(tmp_path, expression)


@pytest.mark.parametrize("expression", cases(TAKEN))
def test_taken(tmp_path: Path, expression: str) -> None:
    assert not refused(tmp_path, expression)


def test_long_rows_of_operators(tmp_path: Path) -> None:
    assert refused(tmp_path, " - ".join(["1"] * 20_000) + ' - "a"')
    assert not refused(tmp_path, " - ".join(["1"] * 20_000))
