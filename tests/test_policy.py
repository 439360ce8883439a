from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.findings import Finding
from cfglint.policy import PathIgnore, Policy, matches
from cfglint.source import Source, place


def finding(check: str, path: str = "a/sip.conf", level: str = "warning") -> Finding:
    return Finding(check, level, "load", "message", place(Source(path, "x"), 0, 1))


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("lab/*", "lab/sip.conf", True),
        ("lab/*", "lab/a/sip.conf", True),
        ("lab", "lab/a/sip.conf", True),
        ("lab/", "lab/sip.conf", True),
        ("lab", "lab2/sip.conf", False),
        ("lab", "a/lab/sip.conf", False),
        ("*/lab/*", "a/lab/sip.conf", True),
        ("sip.conf", "sip.conf", True),
        ("sip.conf", "a/sip.conf", False),
        ("SIP.conf", "sip.conf", False),
        ("pjsip.d/4?.conf", "pjsip.d/40.conf", True),
        ("pjsip.d/4?.conf", "pjsip.d/400.conf", False),
    ],
)
def test_patterns_of_paths(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected


def test_checks_are_not_heard_in_some_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    policy = Policy(path_ignores=(PathIgnore("a", ("acl", "sip-one")), PathIgnore("b/*", ("all",))), base=str(tmp_path))
    found = [finding("acl-x"), finding("sip-one"), finding("sip-two"), finding("sip-one", "b/x"), finding("acl-x", "c")]
    monkeypatch.chdir(tmp_path)
    assert policy.applied(found) == [found[2], found[4]]
    monkeypatch.chdir(tmp_path / "a")
    inside = [finding("acl-x", "sip.conf"), finding("acl-x", str(tmp_path / "c")), finding("sip-two", "sip.conf")]
    assert policy.applied(inside) == inside[1:]


def test_the_narrowest_name_gives_the_level() -> None:
    policy = Policy(levels=(("all", "info"), ("acl", "error"), ("acl-x", "warning"), ("acl-x-y", "info")))
    found = [finding(check, level="error") for check in ("acl-x", "acl-x-y", "acl-z", "aclx", "sip")]
    assert [f.level for f in policy.applied(found)] == ["warning", "info", "error", "info", "info"]


def test_nothing_decided_nothing_changed() -> None:
    found = [finding("acl-x")]
    assert Policy().applied(found) == found
