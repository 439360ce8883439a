"""The examples of every check are its tests: exact spans, silence, and what the fix makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cfglint import registry
from cfglint.check import Example
from cfglint.demonstration import MAIN_FILES
from cfglint.registry import Registered
from tests.support import check_tree, fix_tree, write_tree

EXAMPLES = [
    (registered, example, f"{registered.id}-{number}")
    for registered in registry.every()
    for number, example in enumerate(registered.examples)
]
CASES = [pytest.param(registered, example, id=name) for registered, example, name in EXAMPLES]
FIXABLE = [pytest.param(r, example, id=name) for r, example, name in EXAMPLES if example.fixed is not None]

VARIANTS: dict[str, Callable[[str], str]] = {
    "as written": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "indented by tabs": lambda text: "\n".join("\t" + line if line else line for line in text.split("\n")),
    "without a final newline": lambda text: text.rstrip("\n"),
}


def as_files(registered: Registered, content: str | Mapping[str, str]) -> dict[str, str]:
    return {MAIN_FILES[registered.family]: content} if isinstance(content, str) else dict(content)


def unmarked(text: str) -> str:
    return text.replace("«", "").replace("»", "")


def marked_spans(files: Mapping[str, str]) -> list[tuple[str, int, int]]:
    found = []
    for name, text in files.items():
        rest, offset = text, 0
        while "«" in rest:
            before, _, rest = rest.partition("«")
            inside, _, rest = rest.partition("»")
            start = offset + len(before)
            found.append((name, start, start + len(inside)))
            offset = start + len(inside)
    return sorted(found)


def findings(folder: Path, registered: Registered, example: Example) -> list[tuple[str, int, int]]:
    report = check_tree(folder, example.targets, (registered.id,))
    assert not report.failures
    return sorted(
        (str(Path(f.place.source.path).relative_to(folder)), *f.place.span)
        for f in report.findings
        if f.check == registered.id
    )


@pytest.mark.parametrize(("registered", "example"), CASES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_bad_is_found_at_the_marked_place(
    tmp_path: Path, registered: Registered, example: Example, variant: str
) -> None:
    files = {name: VARIANTS[variant](text) for name, text in as_files(registered, example.bad).items()}
    write_tree(tmp_path, {name: unmarked(text) for name, text in files.items()})
    expected = marked_spans(files)
    assert expected, "mark what the finding covers with «»"
    assert findings(tmp_path, registered, example) == expected


@pytest.mark.parametrize(("registered", "example"), CASES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_good_is_silent(tmp_path: Path, registered: Registered, example: Example, variant: str) -> None:
    files = as_files(registered, example.good)
    write_tree(tmp_path, {name: VARIANTS[variant](text) for name, text in files.items()})
    assert findings(tmp_path, registered, example) == []


@pytest.mark.parametrize(("registered", "example"), FIXABLE)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_fix_makes_what_the_example_says(
    tmp_path: Path, registered: Registered, example: Example, newline: str
) -> None:
    assert example.fixed is not None
    files = as_files(registered, example.bad)
    write_tree(tmp_path, {name: unmarked(text).replace("\n", newline) for name, text in files.items()})
    outcome = fix_tree(tmp_path, example.targets, (registered.id,))
    made = {str(Path(path).relative_to(tmp_path)): after for path, (_, after) in outcome.texts.items()}
    expected = {
        name: text.replace("\n", newline)
        for name, text in as_files(registered, example.fixed).items()
        if text != unmarked(files.get(name, ""))
    }
    assert made == expected
    assert [f for f in outcome.after.findings if f.check == registered.id] == []


@pytest.mark.parametrize("registered", [pytest.param(r, id=r.id) for r in registry.every()])
def test_every_check_says_what_it_is_about(registered: Registered) -> None:
    assert registered.examples, "a check needs examples"
    assert "\n\nWhy it matters: " in registered.documentation
    assert "\n\nFix: " in registered.documentation
    assert len(registered.summary) <= 100
    fixable = registered.check.fix is not None
    assert fixable == any(example.fixed is not None for example in registered.examples)
