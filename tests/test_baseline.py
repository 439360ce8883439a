from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cfglint import baseline
from cfglint.baseline import Baseline
from cfglint.engine import Report
from cfglint.errors import SettingsProblem
from cfglint.files import Files
from cfglint.findings import Finding
from cfglint.knowledge.versions import Targets
from cfglint.policy import Policy
from cfglint.source import Source, place

TODAY = date(2026, 5, 1)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(text: str, *, path: str = "sip.conf", targets: Targets = Targets()) -> Report:  # noqa: B008 - a constant
    """A finding of the check ``sip-<word>`` at each word with an exclamation mark."""
    Path(path).write_text(text)
    source = Source(path, text)
    findings = []
    for at, line in zip(source.line_starts, text.split("\n"), strict=True):
        if line.endswith("!"):
            check = f"sip-{line[:-1]}"
            findings.append(Finding(check, "error", "load", f"{line[:-1]} it's", place(source, at, at + len(line))))
    heard = frozenset(("sip-a", "sip-b", "sip-c", "stale-baseline-entry"))
    return Report(findings, [], [source], targets, heard=heard)


def parse(text: str) -> Baseline:
    return baseline.parse(Source("known.yaml", text))


def write(text: str, found: Report) -> str:
    return baseline.updated(parse(text), found, Files(), TODAY)


def fresh(found: Report) -> str:
    return baseline.begun("known.yaml", found)


def left(text: str, found: Report) -> list[str]:
    rest = baseline.news(parse(text), found, Policy(), Files(), TODAY)
    return [f"{f.check}:{f.place.start.line}" for f in rest.findings]


def test_what_is_written_accepts_all(here: Path) -> None:
    found = report("[x]\na!\na!\nb!\n[y]\na!\n")
    text = fresh(found)
    assert text.count("- check:") == 3
    assert left(text, found) == []
    assert write(text, found) == text
    assert left(text, report("[x]\na!\na!\na!\n[y]\na!\na!\nb!\n")) == [
        "stale-baseline-entry:13",
        "sip-a:4",
        "sip-a:7",
        "sip-b:8",
    ]


HAND = """\
# Our list. Ask Ann.
version: 1
targets: {asterisk: every supported version, kamailio: every supported version}
findings:
  # --- reception ---
  - check: sip-a      # the old one
    reason: 'wired'
    path:    sip.conf
    fingerprint: A
    count:   2   # two

  # --- boss ---
  - {path: sip.conf, check: sip-b, fingerprint: B, count: 1, reason: "he wants it"}
  - fingerprint: C
    check: sip-c
    path: sip.conf
    expires: 2026-04-30

# the end
"""


def by_hand(found: Report) -> str:
    """The list above, with the fingerprints of what was found."""
    names = {entry.check[-1].upper(): entry.fingerprint for entry in parse(fresh(found)).entries}
    text = HAND
    for letter, name in names.items():
        text = text.replace(f"fingerprint: {letter}", f"fingerprint: '{name}'")
    return text


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_people_wrote_stays(here: Path, newline: str) -> None:
    text = by_hand(report("a!\na!\nb!\nc!\n")).replace("\n", newline)
    assert write(text, report("a!\na!\nb!\nc!\n")) == text
    assert write(text, report("a!\na!\na!\nb!\nc!\n")) == text.replace("count:   2   # two", "count:   3   # two")
    assert write(text, report("a!\nb!\nc!\n")) == text.replace("count:   2   # two", "count:   1   # two")
    assert write(text, report("a!\na!\nb!\nb!\nc!\n")) == text.replace("count: 1, reason", "count: 2, reason")
    without = "".join(line for line in text.splitlines(keepends=True) if "sip-b" not in line)
    assert write(text, report("a!\na!\nc!\n")) == without
    added = write(text, report("a!\na!\nb!\nc!\n[z]\na!\n"))
    head, _, rest = added.partition(f"    expires: 2026-04-30{newline}")
    assert (head, rest[-len(newline) * 2 - 9 :]) == (text.partition("    expires")[0], f"{newline}# the end{newline}")
    assert rest.splitlines()[:3] == ["  - check: sip-a", "    path: sip.conf", '    message: "a it\'s"']
    assert left(added, report("a!\na!\nb!\nc!\n[z]\na!\n")) == ["sip-c:4"]


def test_expired_entries_stay_and_are_told(here: Path) -> None:
    text = by_hand(report("a!\na!\nb!\nc!\n"))
    assert left(text, report("a!\na!\nb!\nc!\n")) == ["sip-c:4"]
    assert left(text.replace("2026-04-30", "2026-05-01"), report("a!\na!\nb!\nc!\n")) == [], "the last day counts"
    assert write(text, report("a!\na!\nb!\nc!\nc!\n")).count("sip-c") == 2, "one more is one more entry"


@pytest.mark.parametrize("empty", ["findings: []\n", "findings:\n", "findings:   # none\n", ""])
def test_an_empty_list_is_filled(here: Path, empty: str) -> None:
    found = report("a!\n")
    text = write(f"version: 1\n{empty}", found)
    assert left(text, found) == []
    assert write(text, report("x\n")).startswith("version: 1\n")
    assert left(write(text, report("x\n")), found) == ["sip-a:1"]


def test_versions_of_the_last_writing_count(here: Path) -> None:
    text = fresh(report("a!\n"))
    now = report("x\n", targets=Targets(asterisk=(20, 20)))
    assert left(text, now) == [], "for other versions nobody can tell"
    written = write(text, now)
    assert 'asterisk: "20.20"' in written
    assert "sip-a" not in written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1: is no baseline: it does not begin with 'version: 1'"),
        ("[general]\n", "1: is no baseline"),
        ("# x\nversion: 2\nfuture: yes\n", "2: is a baseline of format 2, and this cfglint knows format 1 only"),
        ("version: 1\nfindngs: []\n", "2: there is no key 'findngs' in a baseline; did you mean findings?"),
        ("version: 1\nfindings: {}\n- x", "3: is not YAML: "),
        ("version: 1\nfindings: {a: 1}\n", "2: findings: expected a list"),
        ("version: 1\ntargets: [a]\n", "2: targets: expected products and versions"),
        ("version: 1\nfindings:\n- x\n", "3: expected an entry with check, path and fingerprint"),
        ("version: 1\nfindings:\n- check: a\n  path: b\n", "3: fingerprint: expected text"),
        ("version: 1\nfindings:\n- check: a\n  path: 5\n", "4: path: expected text"),
        ("version: 1\nfindings:\n- {check: a, path: b, fingerprint: c, count: 0}\n", "3: count: expected a number"),
        ("version: 1\nfindings:\n- {check: a, path: b, fingerprint: c, count: yes it is}\n", "3: count: expected a"),
        ("version: 1\nfindings:\n- {check: a, path: b, fingerprint: c, reason: [x]}\n", "3: reason: expected text"),
        (
            "version: 1\nfindings:\n- {check: a, path: b, fingerprint: c,\n   expires: soon}\n",
            "4: expires: expected a day",
        ),
        (
            "version: 1\nfindings:\n- {check: a, path: b, fingerprint: c, expires: 2026-13-01}\n",
            "3: is not YAML: month",
        ),
        ("version: 1\nfindings:\n- {check: a, path: b, fingerprint: c, resaon: x}\n", "3: there is no key 'resaon' in"),
    ],
)
def test_a_mistake_is_told_with_its_line(here: Path, text: str, expected: str) -> None:
    with pytest.raises(SettingsProblem) as caught:
        parse(text)
    assert str(caught.value).startswith(f"known.yaml:{expected}")


def test_a_list_in_brackets_is_not_edited(here: Path) -> None:
    text = "version: 1\nfindings: [{check: sip-a, path: sip.conf, fingerprint: x}]\n"
    with pytest.raises(SettingsProblem, match=r"known.yaml:2: findings: write each entry on lines of its own"):
        write(text, report("a!\n"))
