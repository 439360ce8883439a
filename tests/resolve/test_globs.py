"""Held against the system's own glob(3)."""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cfglint.files import Files
from cfglint.resolve.globs import Glob, TooWide

GLOB_BRACE, GLOB_NOMAGIC = 1 << 10, 1 << 11  # glibc's


class Found(ctypes.Structure):
    """The head of glob_t."""

    _fields_ = (
        ("pathc", ctypes.c_size_t),
        ("pathv", ctypes.POINTER(ctypes.c_char_p)),
        ("offs", ctypes.c_size_t),
        ("rest", ctypes.c_char * 256),
    )


def real_glob(pattern: str) -> list[str]:
    found = Found()
    libc = ctypes.CDLL(None)
    code = libc.glob(os.fsencode(pattern), GLOB_BRACE | GLOB_NOMAGIC, None, ctypes.byref(found))
    return [os.fsdecode(found.pathv[i] or b"") for i in range(found.pathc)] if code == 0 else []


def is_glibc() -> bool:
    try:
        return "glibc" in (os.confstr("CS_GNU_LIBC_VERSION") or "")
    except (ValueError, OSError):
        return False


needs_glibc = pytest.mark.skipif(not is_glibc(), reason="needs glibc's glob with braces")


def expand(pattern: str, files: Files | None = None) -> list[str]:
    return Glob(files or Files(), 100_000).expand(pattern)


def existing(paths: list[str]) -> list[str]:
    """The server passes over what is no file, so whether a missing one is listed makes no difference."""
    return [os.path.normpath(path) for path in paths if os.path.isfile(path)]


NAMES = [
    "a.conf",
    "b.conf",
    "c",
    "ab",
    "A.conf",
    ".hidden",
    "a[b",
    "a{b",
    "{a,b}",
    "b*",
    "d/a.conf",
    "d/b",
    "d/.h",
    "e f/a",
    "-",
    "\udcff",
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("tree")
    before = os.getcwd()
    for name in NAMES:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    os.chdir(folder)
    yield folder
    os.chdir(before)


PATTERNS = [
    *NAMES,
    "*",
    "*.conf",
    "?.conf",
    "[ab].conf",
    "[!a].conf",
    "[^a].conf",
    "[a-b].conf",
    "[[:upper:]].conf",
    "[[:lower:]]*",
    "[]a]*",
    "[a",
    "a[b",
    "*[*",
    ".*",
    "[.]hidden",
    "\\.*",
    "*/*",
    "*/a*",
    "d//a*",
    "./d/*",
    "d/../*.conf",
    "{a,b}.conf",
    "{b,a}.conf",
    "{a,b}*",
    "{a,{b,c}}*",
    "{a.conf,d/*}",
    "a{.conf,b}",
    "{}a.conf",
    "{,a}.conf",
    "{a.conf}",
    "{a.conf,b",
    "a.conf}",
    "\\a.conf",
    "a\\[b",
    "\\{a,b\\}",
    "\\{a,b}",
    "b\\*",
    "b[*]",
    "[\\a]*",
    "nosuch",
    "nosuch*",
    "*\\",
    "d\\/*",
    "\udcff*",
    "e f/*",
    "",
]


@needs_glibc
@pytest.mark.parametrize("pattern", PATTERNS)
def test_against_glob(tree: Path, pattern: str) -> None:
    assert existing(expand(pattern)) == existing(real_glob(pattern))
    assert existing(expand(f"{tree}/{pattern}")) == existing(real_glob(f"{tree}/{pattern}"))


@needs_glibc
def test_an_escaped_slash_at_the_beginning() -> None:
    assert existing(expand("\\/*")) == existing(real_glob("\\/*")) != []


_SYMBOL = re.compile(r"\[.*\[[.=:]", re.DOTALL)
"""The beginning of a collating symbol, which no file of a server is called by."""

pieces = st.lists(st.sampled_from([*"abcd*?[]!^{},./\\-", ".conf", "*", "{a,b}"]), max_size=8)


@needs_glibc
@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces.map("".join).filter(lambda pattern: pattern.strip("/") == pattern and not _SYMBOL.search(pattern)))
def test_any_pattern_against_glob(tree: Path, pattern: str) -> None:
    assert existing(expand(pattern)) == existing(real_glob(pattern))


def test_matches_are_sorted_by_byte_within_each_alternative(tree: Path) -> None:
    assert expand("*.conf") == ["A.conf", "a.conf", "b.conf"]
    assert expand("{b,A}*.conf") == ["b.conf", "A.conf"]


def test_a_name_without_magic_stands_for_itself(tree: Path) -> None:
    assert expand("nosuch.conf") == ["nosuch.conf"]
    assert expand("{x,y}.conf") == ["x.conf", "y.conf"]


def test_files_to_come_are_found(tree: Path) -> None:
    files = Files({str(tree / "d" / "new.conf"): "", str(tree / "n" / "new.conf"): ""})
    assert expand("*/*.conf", files) == ["d/a.conf", "d/new.conf", "n/new.conf"]
    assert expand("n/new*", files) == ["n/new.conf"]
    assert expand("[n]/new.conf", files) == ["n/new.conf"]


@pytest.mark.parametrize("pattern", ["{a,b}" * 200, "{a," * 2000 + "}" * 2000, "/*/" * 30, "{" * 3000, "*" * 3000])
def test_patterns_without_end(tree: Path, pattern: str) -> None:
    with suppress(TooWide):
        assert Glob(Files(), 5000).expand(pattern)


def test_all_patterns_together_are_limited(tree: Path) -> None:
    glob = Glob(Files(), 40)
    assert glob.expand("*.conf") == ["A.conf", "a.conf", "b.conf"]
    with pytest.raises(TooWide):
        for _ in range(3):
            glob.expand("*.conf")
