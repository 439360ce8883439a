"""One file: lossless nodes, the same tokens as Lark's own lexer, the same reading fast or with care."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark
from lark.lexer import Token

from cfglint.source import Source, Span
from cfglint.syntax import asterisk as syntax
from cfglint.syntax import tables
from cfglint.syntax.asterisk import Assignment, Broken, Directive, File, Header, Node, Run, Single, Trivia, parse
from cfglint.syntax.comments import MAX_LINE_BYTES, live_part

PIECES = [
    "\n",
    "\r\n",
    "a=b",
    "a = b",
    "a=>b",
    "a += b",
    "=b",
    "a=",
    "a",
    " ",
    "\t",
    ";",
    "\\;",
    ";--",
    "--;",
    ";---",
    "-",
    "[a]",
    "[a](!)",
    "[a](b,c)",
    "[a] (b)",
    "[a](b",
    "[a",
    "]",
    "#include x",
    '#include "x"',
    "# exec y",
    "#",
    "\\",
    "\\[",
    "\0",
    "\ufeff",
    "\udcff",
    "\x0b\x0c\x1f",
    "\x85\u2028\xa0",
    "é",
]
texts = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
one_line = st.lists(st.sampled_from([p for p in PIECES if p not in ("\n", "\r\n")]), max_size=10).map("".join)


def nodes(text: str, depth: int = 0, first: bool = True) -> list[Node]:
    return parse(Source("x", text), depth, first).nodes


@settings(max_examples=400)
@given(texts, st.integers(-1, 2), st.booleans())
def test_nodes_cover_the_text_without_a_gap(text: str, depth: int, first: bool) -> None:
    at = 1 if first and text.startswith("\ufeff") else 0
    for node in nodes(text, depth, first):
        assert node.start == at
        assert node.end > node.start
        at = node.end
    assert at == len(text)


@settings(max_examples=400)
@given(texts)
def test_every_node_but_a_run_is_one_line(text: str) -> None:
    for node in nodes(text):
        piece = text[node.start : node.end]
        assert isinstance(node, Run) or piece.find("\n") in (-1, len(piece) - 1)
        if isinstance(node, Run):
            assert piece.endswith("\n")


def shift(entry: Assignment | Broken, start: int) -> Assignment | Broken:
    if isinstance(entry, Assignment):
        return entry
    return Broken(0, 0, entry.fault, Span(entry.at.start + start, entry.at.end + start))


def meaning(file: File) -> list[tuple[int, object]]:
    """What stands in a file, line by line, however its lines were grouped."""
    found: list[tuple[int, object]] = []
    for node in file.nodes:
        if isinstance(node, Run):
            found += [(start, shift(entry, start)) for start, entry in file.entries(node)]
        elif isinstance(node, Single):
            found.append((node.start, node.assignment))
        elif isinstance(node, Broken):
            found.append((node.start, Broken(0, 0, node.fault, node.at)))
        elif not isinstance(node, Trivia):
            found.append((node.start, node[2:]))
    return found


def read_with_care(text: str, depth: int) -> tuple[list[tuple[int, object]], int]:
    """The same, each physical line read by `live_part` and no token at all."""
    found: list[Node] = []
    start = 1 if text.startswith("\ufeff") else 0
    while start < len(text):
        stop = text.find("\n", start)
        end = stop + 1 if stop >= 0 else len(text)
        depth = syntax._append(text[start : stop if stop >= 0 else end], depth, start, end, found)
        start = end
    return meaning(File(Source("x", text), found, depth, [], False)), depth


@settings(max_examples=600)
@given(texts, st.integers(-1, 2))
def test_tokens_and_lines_say_the_same(text: str, depth: int) -> None:
    file = parse(Source("x", text), depth)
    expected, after = read_with_care(text, depth)
    assert file.depth == after
    assert meaning(file) == expected


@settings(max_examples=600)
@given(one_line)
def test_a_plain_line_read_fast_and_with_care(line: str) -> None:
    live, _, marks = live_part(line, 0)
    if not marks and "\0" not in line and not (live and live.text[0] in "[#"):
        assert syntax.plain_line(line) == (syntax._assignment(live) if live is not None else None)


class Lexemes:
    """Keeps what Lark's own lexer found."""

    def nothing(self, _: list[Token]) -> list[tuple[str, int | None, int | None]]:
        return []

    def more(self, c: list[Any]) -> list[tuple[str, int | None, int | None]]:
        found, token = c
        return [*found, (token.type, token.start_pos, token.end_pos)]


@settings(max_examples=300)
@given(texts.filter(lambda text: not text.startswith("\ufeff")))
def test_larks_own_parser_finds_the_same(text: str) -> None:
    """As far as no block comment is open: a knot that runs over several lines is several for Lark."""
    theirs: Any = _LARK.parse(text)
    ours = syntax._parsed(syntax._Reader(text, 0, True))
    knots = (start for kind, start, end in ours if kind == "KNOT" and "\n" in text[start : end - 1])
    until = next(knots, len(text))
    assert [lexeme for lexeme in ours if lexeme.end <= until] == [lexeme for lexeme in theirs if lexeme[2] <= until]


_LARK = Lark(tables.grammar_text("asterisk"), parser="lalr", start="file", lexer="basic", transformer=Lexemes())


# --------------------------------------------------------------------------------------------------------------- lines


@pytest.mark.parametrize(
    ("line", "key", "operator", "value"),
    [
        ("host=dynamic", "host", "=", "dynamic"),
        ("  Host \t=  dynamic here  \r", "Host", "=", "dynamic here"),
        ("register => a:b@c", "register", "=>", "a:b@c"),
        ("register =>a", "register", "=>", "a"),
        ("register= >a", "register", "=", ">a"),
        ("allow += ulaw", "allow", "+=", "ulaw"),
        ("allow+=> ulaw", "allow", "+=", "> ulaw"),
        ("allow + = ulaw", "allow +", "=", "ulaw"),
        ("a=b=c", "a", "=", "b=c"),
        ("a==b", "a", "=", "=b"),
        ("a=", "a", "=", ""),
        ("a=;b", "a", "=", ""),
        ("a=b;c=d", "a", "=", "b"),
        ("a=b\\;c", "a", "=", "b;c"),
        ('a="b ; c"', "a", "=", '"b'),
        ("a b=c d", "a b", "=", "c d"),
        ("a]=b", "a]", "=", "b"),
        ("a#=b#", "a#", "=", "b#"),
        ("\\[a=b", "[a", "=", "b"),
        ("\\#a=b", "#a", "=", "b"),
        ("\\;a=b", ";a", "=", "b"),
        ("a=\\b", "a", "=", "\\b"),
        ("\xa0a=\xa0b", "\xa0a", "=", "\xa0b"),
        ("\ufeffa=b", "\ufeffa", "=", "b"),
        ("a=\udcff", "a", "=", "\udcff"),
    ],
)
def test_assignments(line: str, key: str, operator: str, value: str) -> None:
    entry = syntax.plain_line(line)
    assert isinstance(entry, Assignment)
    assert (entry.key, entry.operator, entry.value, entry.name) == (key, operator, value, key.lower())
    for text, span in ((key, entry.key_span), (value, entry.value_span)):
        assert line[span.start : span.end].replace("\\;", ";") == text


@pytest.mark.parametrize(
    ("line", "fault", "covered"),
    [
        ("host dynamic ; x", syntax.NO_EQUALS, "host dynamic"),
        ("  host\r", syntax.NO_EQUALS, "host"),
        ("= b", syntax.NO_KEY, "= b"),
        ("+= b", syntax.NO_KEY, "+= b"),
        ("\\", syntax.BAD_ESCAPE, "\\"),
        ("\\ a=b", syntax.BAD_ESCAPE, "\\ "),
        ("\\éa=b", syntax.BAD_ESCAPE, "\\é"),
    ],
)
def test_lines_that_cannot_be_used(line: str, fault: str, covered: str) -> None:
    entry = syntax.plain_line(line)
    assert isinstance(entry, Broken)
    assert entry.fault == fault
    assert line[entry.at.start : entry.at.end] == covered


@pytest.mark.parametrize("line", ["", " \t\r", ";x", "  ; x=y", ";--- x"])
def test_lines_without_a_meaning(line: str) -> None:
    assert syntax.plain_line(line) is None


def only(text: str) -> Node:
    (node,) = nodes(text)
    return node


@pytest.mark.parametrize(
    ("text", "name", "items", "detached"),
    [
        ("[general]\n", "general", None, False),
        ("  [general] x ; y\n", "general", None, False),
        ("[ a b ]\n", " a b ", None, False),
        ("[]\n", "", None, False),
        ("[a](!)\n", "a", ["!"], False),
        ("[a](b, c,)\n", "a", ["b", " c", ""], False),
        ("[a]()\n", "a", [""], False),
        ("[a](+)x)\n", "a", ["+"], False),
        ("[a] (b)\n", "a", None, True),
        ("[a]\t (b)\r\n", "a", None, True),
        ("[a] x (b)\n", "a", None, False),
        ("[[a]]\n", "[a", None, False),
        ("[a;--x--;b]\n", "ab", None, False),
        ("[a\\;b]\n", "a;b", None, False),
        ("[" + "x" * 100 + "]\n", "x" * 79, None, False),
        ("[" + "é" * 50 + "]", "é" * 39 + "\udcc3", None, False),
    ],
)
def test_headers(text: str, name: str, items: list[str] | None, detached: bool) -> None:
    header = only(text)
    assert isinstance(header, Header)
    assert header.name == name
    assert [item.text for item in header.items] == items if header.items is not None else items is None
    for item in header.items or ():
        assert text[item.span.start : item.span.end] == item.text
    assert (header.detached is not None) == detached
    if header.detached is not None:
        assert text[header.detached.start : header.detached.end].strip() == ""
        assert text[header.detached.end] == "("


@pytest.mark.parametrize(
    ("text", "fault", "covered"),
    [
        ("[a ; b]\n", syntax.NO_CLOSING_BRACKET, "[a"),
        ("[a\n", syntax.NO_CLOSING_BRACKET, "[a"),
        ("[a](b\n", syntax.NO_CLOSING_PAREN, "(b"),
        ("[a](b ; )\n", syntax.NO_CLOSING_PAREN, "(b"),
    ],
)
def test_headers_that_cannot_be_used(text: str, fault: str, covered: str) -> None:
    node = only(text)
    assert isinstance(node, Broken)
    assert (node.fault, text[node.at.start : node.at.end]) == (fault, covered)


@pytest.mark.parametrize(
    ("text", "word", "argument"),
    [
        ("#include sip_users.conf\n", "include", "sip_users.conf"),
        ('#Include  "a b.conf"  ; x\n', "Include", "a b.conf"),
        ("#include <a.conf>\n", "include", "a.conf"),
        ('#include "a.conf\n', "include", '"a.conf'),
        ('#include "\n', "include", '"'),
        ('#include ""\n', "include", ""),
        ("#include\n", "include", None),
        ("# include a\n", "", "include a"),
        ("#tryinclude\ta\n", "tryinclude", "a"),
        ("#exec /bin/x y\n", "exec", "/bin/x y"),
        ("#", "", None),
    ],
)
def test_directives(text: str, word: str, argument: str | None) -> None:
    directive = only(text)
    assert isinstance(directive, Directive)
    assert (directive.word, directive.argument) == (word, argument)
    assert text[directive.word_span.start : directive.word_span.end] == f"#{word}"
    assert text[directive.argument_span.start : directive.argument_span.end] == (argument or "")


def test_a_long_line_is_one_node() -> None:
    long = "a=" + "b" * (MAX_LINE_BYTES - 1)
    file = parse(Source("x", f"c=d\n{long}\n[{long}]\ne=f\n"))
    assert [type(node) for node in file.nodes] == [Run, Broken, Run]
    first = file.nodes[0]
    assert isinstance(first, Run)
    assert [entry.fault if isinstance(entry, Broken) else entry.key for _, entry in file.entries(first)] == [
        "c",
        syntax.TOO_LONG,
    ]


def test_a_byte_order_mark_is_skipped_in_the_first_file_only() -> None:
    text = "\ufeff[a]\n[b]\n"
    assert [type(node) for node in nodes(text)] == [Header, Header]
    assert [type(node) for node in nodes(text, first=False)] == [Broken, Header]


def test_comments_open_from_the_file_before() -> None:
    text = "[a]\nx=1\n--;y=2\n[b]\n"
    assert [type(node) for node in nodes(text)] == [Header, Run, Single, Trivia]
    file = parse(Source("x", text), depth=1)
    assert [type(node) for node in file.nodes] == [Trivia, Trivia, Single, Header]
    assert file.depth == 0


def test_offsets_of_marks_count_from_the_start_of_the_file() -> None:
    text = "a=b\n\nc=d ;-- x\n e --; f\n"
    file = parse(Source("x", text))
    assert [(text[mark.offset : mark.offset + 3], mark.depth) for mark in file.marks] == [(";--", 1), ("--;", 0)]


def test_equal_lines_are_read_once() -> None:
    file = parse(Source("x", "a=b\na=b\n"))
    (run,) = file.nodes
    assert isinstance(run, Run)
    first, second = (entry for _, entry in file.entries(run))
    assert first is second
