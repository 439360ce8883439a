"""Runs a check on its own examples, in memory: what a reader is shown is what the program says."""

from __future__ import annotations

import os
from collections.abc import Mapping

from cfglint.check import Example
from cfglint.discover import roots
from cfglint.engine import Report, Request, check
from cfglint.files import Files
from cfglint.knowledge.versions import parse_targets
from cfglint.registry import Registered, Selection
from cfglint.settings import Settings

MAIN_FILES = {
    "conf": "sip.conf",
    "acl": "sip.conf",
    "sip": "sip.conf",
    "pjsip": "pjsip.conf",
    "kamailio": "kamailio.cfg",
}
"""The file that the text of a family's example stands for."""

MARKS = str.maketrans("", "", "«»")
"""Takes the marks around a span away."""

FOLDER = "/nonexistent/cfglint-example"
"""Where an example's files would be; nothing is read from there or written to it."""


def files(registered: Registered, content: str | Mapping[str, str]) -> dict[str, str]:
    """File name to text, without marks."""
    named = {MAIN_FILES[registered.family]: content} if isinstance(content, str) else content
    return {name: text.translate(MARKS) for name, text in named.items()}


def report(registered: Registered, example: Example) -> Report:
    """What the check says of the bad configuration; paths are those of the example."""
    texts = {os.path.join(FOLDER, name): text for name, text in files(registered, example.bad).items()}
    sources = Files(texts)
    main = tuple(path for path in texts if os.path.basename(path) in MAIN_FILES.values())
    request = Request(roots(main, sources, Settings()), parse_targets(example.targets), Selection((registered.id,)))
    return check(request, sources)


def safety(registered: Registered) -> list[str]:
    """How safe the fixes are that the check offers for its examples: ``safe``, ``unsafe``, both or nothing."""
    findings = [finding for example in registered.examples for finding in report(registered, example).findings]
    return sorted({finding.fix.safety for finding in findings if finding.fix is not None})
