"""For any configuration and any of its fixes: nothing else is touched, and the result is no worse to the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from cfglint import registry
from cfglint.edits import Draft, Edit, Occupied, texts_of
from cfglint.engine import Report, check
from cfglint.files import Files
from cfglint.findings import Finding
from cfglint.fixing import Job, fix
from cfglint.model.asterisk import Tree
from cfglint.source import Source
from cfglint.syntax.asterisk import parse
from tests.support import request, write_tree
from tests.test_edits import TOOLS, needs, patched

FAMILIES = {"sip.conf": ("conf", "acl", "sip"), "pjsip.conf": ("conf", "pjsip")}


def _pieces(name: str) -> list[str]:
    """Sections with something wrong with them: those of the checks' examples."""
    found = set()
    for registered in registry.every():
        for example in registered.examples if registered.family in FAMILIES[name] else ():
            bad = {name: example.bad} if isinstance(example.bad, str) else dict(example.bad)
            if registered.family == "conf" or name in bad:
                found.add(bad.get(name, "").replace("«", "").replace("»", ""))
    return sorted(found - {""})


NOISE = [
    "\n",
    "; a note\n",
    "  \t\n",
    ";-- aside --;\n",
    "[extra](!)\n",
    "permit = 10.0.0.0/8 ; ours\n",
    "#include other.conf\n",
]
OTHER = [
    "",
    "; nothing\n",
    "[2001]\ntype=friend\nsecret=x\n",
    "context=shared\n",
    "[2001]\ntype=aor\n[2001]\ntype=auth\n",
]
LAYOUTS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "indented": lambda text: text.replace("\n", "\n\t"),
    "blanks and arrows": lambda text: text.replace("=", " => ").replace("(+type => ", "(+type="),
    "no final newline": lambda text: text.rstrip("\n"),
    "odd bytes": lambda text: text.replace("; a note", "; \udce9\udcff"),
}


@pytest.fixture
def factory(tmp_path_factory: pytest.TempPathFactory) -> pytest.TempPathFactory:
    return tmp_path_factory


@st.composite
def trees(draw: st.DrawFn) -> dict[str, str]:
    """A directory of files."""
    name = draw(st.sampled_from(sorted(FAMILIES)))
    parts = draw(st.lists(st.sampled_from(PIECES[name]) | st.sampled_from(NOISE), min_size=1, max_size=6))
    layout = LAYOUTS[draw(st.sampled_from(sorted(LAYOUTS)))]
    files = {name: layout("".join(part if part.endswith("\n") else part + "\n" for part in parts))}
    return files | {"other.conf": draw(st.sampled_from(OTHER)), "acl.conf": "[office]\ndeny=0.0.0.0/0\n"}


PIECES = {name: _pieces(name) for name in FAMILIES}
PROFILE = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def untouched(before: str, after: str, edits: list[Edit]) -> bool:
    """Is `after` the text before with nothing but the edits' spans replaced?"""
    old = new = 0
    for edit in sorted(edits, key=lambda edit: edit.place.span):
        kept = before[old : edit.place.span.start]
        written = kept + edit.replacement
        if after[new : new + len(written)] != written:
            return False
        old, new = edit.place.span.end, new + len(written)
    return after[new:] == before[old:]


def rejected(report: Report) -> set[str]:
    """The roots that the server does not load at all."""
    found = [tree for tree in report.trees if isinstance(tree, Tree)]
    return {config.path for tree in found for config in tree.configs if config.aborted is not None}


@PROFILE
@given(files=trees(), data=st.data())
def test_any_choice_of_fixes(files: Mapping[str, str], data: st.DataObject, factory: pytest.TempPathFactory) -> None:
    folder = factory.mktemp("tree")
    write_tree(folder, files)
    run = request(folder)
    before = check(run, Files())
    occupied = Occupied()
    chosen = [f for f in before.findings if f.fix is not None and data.draw(st.booleans()) and occupied.admit(f.fix)]
    note(str([(finding.check, finding.fix) for finding in chosen]))
    edits: dict[Source, list[tuple[Edit, Finding]]] = {}
    for finding in chosen:
        assert finding.fix is not None and finding.fix.edits and texts_of(finding.fix)
        for edit in finding.fix.edits:
            edits.setdefault(edit.place.source, []).append((edit, finding))
    for source, made in edits.items():
        draft = Draft(source)
        draft.apply([(edit, finding.check) for edit, finding in made])
        assert untouched(source.text, draft.text, [edit for edit, _ in made])
        tree = parse(Source(source.path, draft.text))
        assert [node.start for node in tree.nodes[1:]] == [node.end for node in tree.nodes[:-1]]


@PROFILE
@given(files=trees(), seed=st.integers(0, 2**16))
def test_any_choice_of_fixes_leaves_no_new_mistake(
    files: Mapping[str, str], seed: int, factory: pytest.TempPathFactory
) -> None:
    folder = factory.mktemp("tree")
    write_tree(folder, files)
    run = request(folder)

    def wanted(finding: Finding, report: Report, texts: Mapping[str, str]) -> bool:
        return crc32(repr((seed, finding.check, finding.message)).encode("utf-8", "surrogateescape")) % 2 == 0

    outcome = fix(Job(run, {}, True, wanted))
    note(str({path: after for path, (_, after) in outcome.texts.items()}))
    assert not [f for f in outcome.after.failures if "please report" in f.message]
    assert rejected(outcome.after) <= rejected(outcome.before)


@needs
@PROFILE
@given(files=trees())
def test_fixes_come_to_rest(files: Mapping[str, str], factory: pytest.TempPathFactory) -> None:
    folder = factory.mktemp("tree")
    write_tree(folder, files)
    run = request(folder)
    outcome = fix(Job(run, {}, True))
    texts = {path: after for path, (_, after) in outcome.texts.items()}
    note(str(texts))
    again = fix(Job(run, texts, True))
    assert again.drafts == [], again.drafts[0].diff()
    assert not [f for f in outcome.after.failures if "please report" in f.message]
    for draft in outcome.drafts:
        for tool in TOOLS:
            path = draft.path.lstrip("/")
            assert patched(folder / tool, path, outcome.texts[draft.path][0], draft.diff(), tool) == draft.text
