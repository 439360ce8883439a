from __future__ import annotations

from cfglint.findings import Finding
from cfglint.fingerprint import fingerprints
from cfglint.source import Source, place


def source(before: str = "", secret: str = "geheim", path: str = "sip.conf") -> Source:
    return Source(path, f"{before}[1001]\ntype=user\nsecret={secret}\n")


def finding(where: Source, text: str = "user", check: str = "sip-check") -> Finding:
    start = where.text.index(text)
    return Finding(check, "error", "answer", "it is wrong", place(where, start, start + len(text)))


def prints(*findings: Finding) -> list[str]:
    return list(fingerprints(list(findings)))


def test_it_survives_moved_lines() -> None:
    assert prints(finding(source())) == prints(finding(source("; a new line\n\n")))
    assert prints(finding(source())) == prints(finding(source("[1000]\ntype=user\n"), "user\nsecret"))


def test_it_tells_checks_paths_and_lines_apart() -> None:
    one = source()
    assert len({*prints(finding(one), finding(one, check="x"), finding(one, "1001"), finding(source(path="b")))}) == 4


def test_it_tells_sections_apart() -> None:
    """So that a finding that goes away takes no other one's name with it."""
    text = "[a]\nhost\n[b]\nhost\n[b] (x)\nhost\n"
    both, later = Source("x", text), Source("x", text.replace("[a]\nhost\n", "[a]\n"))
    at = [4, 13, 26]
    first, second, third = prints(*(Finding("c", "error", "load", "m", place(both, o, o + 4)) for o in at))
    assert len({first, second, third}) == 3
    at = [8, 21]
    assert prints(*(Finding("c", "error", "load", "m", place(later, o, o + 4)) for o in at)) == [second, third]


def test_equal_findings_are_numbered() -> None:
    one = source()
    assert len(set(prints(finding(one), finding(one)))) == 2
    assert prints(finding(one), finding(one))[0] == prints(finding(one))[0]


def test_it_tells_nothing_of_a_secret() -> None:
    assert prints(finding(source(secret="one"), "secret")) == prints(finding(source(secret="two"), "secret"))


def test_paths_can_be_named_otherwise() -> None:
    one, other = finding(source(path="/a/sip.conf")), finding(source(path="/b/sip.conf"))
    assert list(fingerprints([one], lambda path: path[3:])) == list(fingerprints([other], lambda path: path[3:]))
