"""What cfglint makes of a configuration of cases (see `tests.knowledge.generate`)."""

from __future__ import annotations

from cfglint.discover import Root
from cfglint.engine import Request, check
from cfglint.files import Files
from cfglint.knowledge.versions import parse_targets
from cfglint.registry import Selection

FOUND_BY = {
    "module": "kamailio-unknown-module",
    "parameter": "kamailio-modparam-unknown",
    "type": "kamailio-modparam-type",
    "function": "kamailio-unknown-function",
    "count": "kamailio-wrong-argument-count",
    "block": "kamailio-function-wrong-route",
    "constant": "kamailio-non-constant-argument",
    "variable": "kamailio-unknown-pv",
    "assignment": "kamailio-read-only-pv",
}
"""The kind of a case to the check that tells a wrong one."""

SELECTION = Selection((*FOUND_BY.values(), "kamailio-modparam-no-module", "kamailio-syntax-error"))


def findings(text: str, release: str | None) -> set[tuple[int, str]]:
    """Line and check of everything that is found in a kamailio.cfg; for any release where none is given."""
    targets = parse_targets((f"kamailio={release}",) if release is not None else ())
    report = check(Request([Root("kamailio.cfg", "kamailio", True)], targets, SELECTION), Files({"kamailio.cfg": text}))
    assert not report.failures
    return {(finding.place.start.line, finding.check) for finding in report.findings}
