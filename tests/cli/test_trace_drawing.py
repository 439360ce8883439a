"""``cfglint trace --format dot`` and ``--format mermaid``: the routes of a script that requests take."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.support import run

SCRIPT = """#!KAMAILIO
loadmodule "sl.so"
loadmodule "textops.so"
loadmodule "auth.so"
loadmodule "auth_db.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
listen=udp:192.0.2.10:5060
request_route {
    if (is_method("REGISTER")) {
        route("AUTH & <save>");
        save("location");
        exit;
    }
    if (is_method("OPTIONS")) exit;
    sl_send_reply("403", "Forbidden");
}
route["AUTH & <save>"] {
    if (!auth_check("$fd", "subscriber", "1")) {
        auth_challenge("$fd", "0");
        exit;
    }
}
"""
ODD = 'a "b" \\\\ #1; &lt; <b> `c` |]'
REQUESTS = f"""
requests:
  - {{id: '{ODD}', method: REGISTER, from: 1@example.com, to: 1@example.com, auth_user: '1', password: x,
      source: 203.0.113.7, destination: '192.0.2.10:5060'}}
  - {{id: second, method: MESSAGE, from: 1@example.com, to: 2@example.com, source: 203.0.113.7,
      destination: '192.0.2.10:5060'}}
  - {{id: third, method: OPTIONS, from: 1@example.com, to: 2@example.com, source: 203.0.113.7,
      destination: '192.0.2.10:5060'}}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The script, and requests with a name that means much in both languages."""
    (tmp_path / "kamailio.cfg").write_text(SCRIPT)
    (tmp_path / "requests.yaml").write_text(REQUESTS)
    return tmp_path


def drawn(tree: Path, form: str) -> str:
    done = run("trace", tree, "--requests", tree / "requests.yaml", "--target", "kamailio=6.1", "-f", form)
    assert done.exit_code == 0, done.output
    return done.stdout


DOT_STRING = r'"(?:[^"\\\n]|\\.)*"'
DOT_LINE = re.compile(
    rf"""digraph\ trace\ \{{ | (?:node|edge)\ \[.*\]; | subgraph\ cluster_\d+\ \{{ | label={DOT_STRING}; | \}}
    | n\d+_\d+\ \[label={DOT_STRING}(?:,\ shape=\w+)?(?:,\ style=bold)?\];
    | n\d+_\d+\ ->\ n\d+_\d+(?:\ \[label={DOT_STRING}\])?;""",
    re.VERBOSE,
)
MERMAID_STRING = r'"(?:[^"#&<>`\n]|\#(?:\d+|quot|lt|gt|amp);)*"'
MERMAID_LINE = re.compile(
    rf"""flowchart\ TD | subgraph\ g\d+\[{MERMAID_STRING}\] | end
    | n\d+_\d+(?:\[{MERMAID_STRING}\]|\(\[{MERMAID_STRING}\]\))
    | n\d+_\d+\ -->(?:\|{MERMAID_STRING}\|)?\ n\d+_\d+""",
    re.VERBOSE,
)


@pytest.mark.parametrize(("form", "line"), [("dot", DOT_LINE), ("mermaid", MERMAID_LINE)])
def test_every_line_is_of_the_language(tree: Path, form: str, line: re.Pattern[str]) -> None:
    lines = drawn(tree, form).splitlines()
    assert [text for text in lines if line.fullmatch(text.strip()) is None] == []
    assert len(lines) > 15


def edges(text: str, arrow: str) -> list[tuple[str, str]]:
    """The ways between nodes, by the nodes' labels."""
    nodes = dict(re.findall(r'^ +(n\d+_\d+) ?\(?\[+(?:label=)?"([^"\n]*)"', text, re.MULTILINE))
    return [(nodes[a], nodes[b]) for a, b in re.findall(rf"(n\d+_\d+) {arrow}(?:\|[^|]*\|)? (n\d+_\d+)", text)]


def test_the_ways_from_block_to_block(tree: Path) -> None:
    auth = "route[AUTH &amp; <save>]"
    assert edges(drawn(tree, "dot"), "->") == [
        ("REGISTER", "request_route"),
        ("request_route", auth),
        (auth, "401"),
        ("request_route", "200"),
        ("MESSAGE", "request_route"),
        ("request_route", "403"),
        ("OPTIONS", "request_route"),
        ("request_route", "timeout"),
    ]
    auth = "route[AUTH #amp; #lt;save#gt;]"
    assert edges(drawn(tree, "mermaid"), "-->")[:3] == [
        ("REGISTER", "request_route"),
        ("request_route", auth),
        (auth, "401"),
    ]


def test_the_lines_are_named(tree: Path) -> None:
    text = drawn(tree, "dot")
    assert 'label="kamailio.cfg:11"' in text
    assert 'label="kamailio.cfg:19"' in text


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_draws_it(tree: Path) -> None:
    done = subprocess.run(["dot", "-Tsvg"], input=drawn(tree, "dot").encode(), capture_output=True, check=True)
    assert done.stderr == b""
    texts = [html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", done.stdout.decode())]
    # Graphviz writes spaces as no-break spaces where there are several.
    assert f"{ODD}: 401 -> 200" in [text.replace("\xa0", " ") for text in texts]
    assert "route[AUTH & <save>]" in texts


def test_without_a_script_there_is_nothing_to_draw(tmp_path: Path) -> None:
    (tmp_path / "sip.conf").write_text("[general]\n[201]\ntype=friend\nhost=dynamic\nsecret=x\n")
    done = run("trace", tmp_path, "--register", "201@pbx.example", "-f", "dot")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "nothing to draw" in done.stderr
