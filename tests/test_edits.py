"""Every patch is held against the programs that take it: git apply and patch -p1."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cfglint.edits import Draft, Edit, Fix, Occupied, applied, delete, insert, insert_line_after, replace
from cfglint.source import Source, Span, decode, encode, place

TOOLS = {"git": ["git", "apply", "-"], "patch": ["patch", "-p1", "--quiet"]}

needs = pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason="needs git and patch")


def refuses_newlines() -> bool:
    """Does GNU patch take no newline in a name, as POSIX.1-2024 encourages and 2.8 does?"""
    told = subprocess.run(["patch", "--version"], capture_output=True, text=True, check=True).stdout
    return told.startswith("GNU patch 2.8")


def patched(folder: Path, path: str, before: str, patch: str, tool: str) -> str:
    """What a tool makes of a file."""
    shutil.rmtree(folder, ignore_errors=True)
    file = folder / path
    file.parent.mkdir(parents=True)
    file.write_bytes(encode(before))
    done = subprocess.run(TOOLS[tool], cwd=folder, input=encode(patch), capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode() + patch
    assert not list(folder.rglob("*.orig")), "the patch fits only roughly"
    return decode(file.read_bytes())


def check_patch(folder: Path, draft: Draft, before: str, path: str | None = None) -> None:
    patch = draft.diff()
    if draft.text == before:
        assert patch == ""
        return
    for tool in TOOLS:
        if tool == "patch" and "\n" in draft.path and refuses_newlines():
            continue
        assert patched(folder / tool, path or draft.path, before, patch, tool) == draft.text


def edit_of(text: str, start: int, end: int, replacement: str) -> Edit:
    return Edit(place(Source("sip.conf", text), start, end), replacement)


TEXT = "".join(f"line {number}\n" for number in range(1, 41))


@needs
@pytest.mark.parametrize(
    ("before", "old", "new"),
    [
        (TEXT, "line 7", "LINE 7"),
        (TEXT, "line 1\n", ""),
        (TEXT, "line 40\n", ""),
        (TEXT, "line 40\n", "line 40"),
        (TEXT, "\nline 9\n", " and 9\n"),
        (TEXT, "9\n", "9\nadded\nadded\n"),
        (TEXT, "\n", " "),
        (TEXT.replace("\n", "\r\n"), "line 7", "LINE 7"),
        (TEXT.replace("\n", "\r\n"), "line 7\r\n", ""),
        (TEXT.replace("\n", "\r\n"), "7\r\n", "7\n"),
        (TEXT.rstrip("\n"), "line 40", "line 40\n"),
        (TEXT.rstrip("\n"), "line 40", "last"),
        (TEXT.rstrip("\n"), "line 39\n", ""),
        (TEXT.rstrip("\n"), "line 2\n", ""),
        ("only", "only", "changed"),
        ("only\n", "only\n", ""),
        ("\n\n\n", "\n\n\n", "x"),
        ("a\rb\n\x0cc\x85\u2028d\n", "d", "D"),
        ("caf\u00e9 \udcff\n", "caf", "CAF"),
        ("- a\n+ b\n\\ c\n@@ d\n", "- a\n", "--- a\n"),
    ],
)
def test_git_and_patch_take_the_patch(tmp_path: Path, before: str, old: str, new: str) -> None:
    source = Source("sip.conf", before)
    at = before.index(old)
    draft = Draft(source)
    draft.apply([(replace(place(source, at, at + len(old)), new), "some-check")])
    assert draft.text == before.replace(old, new, 1)
    check_patch(tmp_path, draft, before)


@needs
@pytest.mark.parametrize(
    "path",
    [
        "with blank.conf",
        " leading.conf",
        "a b/c d/sip.conf",
        'quoted "x".conf',
        "back\\slash.conf",
        "t\u00e4l\u00e9.conf",
        "caf\u00e9 and blank.conf",
        "tab\tinside.conf",
        "new\nline.conf",
        "latin\udce9.conf",
        "escape\x1b[31m.conf",
        "-p.conf",
        "it's.conf",
    ],
)
def test_paths_of_every_kind(tmp_path: Path, path: str) -> None:
    source = Source(path, TEXT)
    draft = Draft(source)
    draft.apply([(insert(source, 0, "new\n"), "some-check")])
    check_patch(tmp_path, draft, TEXT)


@needs
def test_an_absolute_path_is_patched_from_the_root_directory(tmp_path: Path) -> None:
    source = Source("/etc/asterisk/sip.conf", TEXT)
    draft = Draft(source)
    draft.apply([(insert(source, 0, "new\n"), "some-check")])
    check_patch(tmp_path, draft, TEXT, path="etc/asterisk/sip.conf")


@needs
def test_rounds_add_up_to_one_patch(tmp_path: Path) -> None:
    draft = Draft(Source("sip.conf", TEXT))
    for number in (3, 20, 4, 38):
        source = Source("sip.conf", draft.text)
        at = draft.text.index(f"line {number}\n")
        draft.apply([(replace(place(source, at, at + 4), "LINE"), f"round-{number}")])
    assert draft.diff().count("@@ ") == 6
    check_patch(tmp_path, draft, TEXT)


def test_each_hunk_names_its_checks_once() -> None:
    source = Source("sip.conf", TEXT)
    edits = [(insert(source, TEXT.index(f"line {n}\n"), "x\n"), check) for n, check in ((2, "b"), (3, "a"), (4, "b"))]
    draft = Draft(source)
    draft.apply([*edits, (insert(source, TEXT.index("line 30\n"), "y\n"), "c")])
    headings = [line.rpartition("@@ ")[2] for line in draft.diff().splitlines() if line.startswith("@@")]
    assert headings == ["b, a", "c"]


def test_a_change_taken_back_is_no_patch() -> None:
    source = Source("sip.conf", TEXT)
    draft = Draft(source)
    draft.apply([(insert(source, 0, "x\n"), "some-check")])
    again = Source("sip.conf", draft.text)
    draft.apply([(delete(place(again, 0, 2)), "some-check")])
    assert draft.text == TEXT
    assert draft.diff() == ""


# -------------------------------------------------------------------------------------------------- all possible edits

lines = st.lists(st.sampled_from(["", "a", "b", "a=b", "c\r", "\udc80", "- x", "+ y", "\\ no", "é"]), max_size=12)


@st.composite
def texts(draw: st.DrawFn) -> str:
    return "\n".join(draw(lines)) + draw(st.sampled_from(["", "\n", "\r\n"]))


@st.composite
def edits(draw: st.DrawFn, text: str) -> list[tuple[Edit, str]]:
    """Edits of a text of which none touches another."""
    source = Source("dir with blank/sip.conf", text)
    points = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    chosen = []
    for start, end in zip(points[::2], points[1::2], strict=False):
        replacement = draw(st.sampled_from(["", "x", "new\n", "two\nlines\n", "\r\n", "half\nline"]))
        chosen.append((Edit(place(source, start, draw(st.sampled_from((start, end)))), replacement), "check"))
    return chosen


@st.composite
def rounds(draw: st.DrawFn) -> tuple[str, list[list[tuple[Edit, str]]]]:
    first = text = draw(texts())
    done = []
    for _ in range(draw(st.integers(1, 3))):
        chosen = draw(edits(text))
        done.append(chosen)
        text = applied(text, [edit for edit, _ in chosen])
    return first, done


@given(rounds())
def test_a_draft_does_what_the_edits_say(case: tuple[str, list[list[tuple[Edit, str]]]]) -> None:
    text, done = case
    draft = Draft(Source("dir with blank/sip.conf", text))
    for chosen in done:
        text = applied(text, [edit for edit, _ in chosen])
        draft.apply(chosen)
        assert draft.text == text


@needs
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=rounds())
def test_every_patch_is_taken(tmp_path: Path, case: tuple[str, list[list[tuple[Edit, str]]]]) -> None:
    text, done = case
    draft = Draft(Source("dir with blank/sip.conf", text))
    for chosen in done:
        draft.apply(chosen)
    if draft.text and text:  # git reads a patch from or to nothing as making or deleting the file
        check_patch(tmp_path, draft, text)


@given(texts(), st.data())
def test_applied_is_what_splicing_from_the_end_gives(text: str, data: st.DataObject) -> None:
    chosen = [edit for edit, _ in data.draw(edits(text))]
    expected = text
    for edit in sorted(chosen, key=lambda e: e.place.span, reverse=True):
        expected = expected[: edit.place.span.start] + edit.replacement + expected[edit.place.span.end :]
    assert applied(text, chosen) == expected


# ----------------------------------------------------------------------------------------------------------- collisions

spans = st.tuples(st.integers(0, 12), st.integers(0, 4)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


def collide(one: Span, other: Span) -> bool:
    return (one.start < other.end and other.start < one.end) or one.start == other.start


@given(st.lists(spans, max_size=10))
def test_admitted_fixes_never_touch(chosen: list[Span]) -> None:
    source = Source("sip.conf", "x" * 20)
    occupied, taken = Occupied(), list[Span]()
    for span in chosen:
        admitted = occupied.admit(Fix("", (Edit(place(source, *span), ""),)))
        assert admitted == (not any(collide(span, other) for other in taken))
        if admitted:
            taken.append(span)


def test_a_fix_is_taken_as_a_whole() -> None:
    one, other = Source("sip.conf", TEXT), Source("acl.conf", TEXT)
    occupied = Occupied()
    assert occupied.admit(Fix("", (insert(one, 5, "x"),)))
    assert not occupied.admit(Fix("", (insert(other, 9, "x"), insert(one, 5, "y"))))
    assert occupied.admit(Fix("", (insert(other, 9, "z"),)))


def test_a_fix_that_overlaps_itself_is_refused() -> None:
    source = Source("sip.conf", TEXT)
    assert not Occupied().admit(Fix("", (delete(place(source, 0, 5)), delete(place(source, 4, 8)))))
    assert Occupied().admit(Fix("", (delete(place(source, 0, 5)), delete(place(source, 5, 8)))))
    assert Occupied().admit(Fix("", (insert(source, 5, "x"), insert(source, 5, "y"))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\n", "a\nnew\nb\n"),
        ("a\r\nb\r\n", "a\r\nnew\r\nb\r\n"),
        ("a", "a\nnew"),
        ("a\n", "a\nnew\n"),
    ],
)
def test_a_line_of_its_own(text: str, expected: str) -> None:
    source = Source("sip.conf", text)
    assert applied(text, [insert_line_after(source, 0, "new")]) == expected


def test_edits_of_an_empty_file(tmp_path: Path) -> None:
    source = Source("sip.conf", "")
    draft = Draft(source)
    draft.apply([(insert(source, 0, "[general]\n"), "some-check")])
    assert draft.diff() == "--- a/sip.conf\n+++ b/sip.conf\n@@ -0,0 +1 @@ some-check\n+[general]\n"


def test_a_patch_of_a_large_file_is_small() -> None:
    text = "".join(f"[{n}]\nusername={n}\nsecret=x\n\n" for n in range(10_000))
    source = Source("sip.conf", text)
    places = [text.index(f"[{n}]\nusername") + len(f"[{n}]\n") for n in range(0, 10_000, 2000)]
    draft = Draft(source)
    draft.apply([(replace(place(source, at, at + 8), "defaultuser"), "some-check") for at in places])
    assert draft.diff().count("\n+defaultuser=") == 5
    assert len(draft.diff().splitlines()) == 2 + 4 * 9 + 7
