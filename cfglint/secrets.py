"""Where secrets stand in a line of configuration, so that no report ever shows one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from cfglint.edits import Edit
from cfglint.source import Span

MASK = "********"

MAX_LINE = 32_768
"""What stands further behind in a line is never shown."""

_NAMES = (
    r"[\w/-]{0,40}(?:s[ecr]{2,5}t|pas\w{0,20}d|pwd|md5_cred|password_digest)[\w-]{0,40}"
    r"|dbpass|pass|refresh_token|oauth_clientid"
)
"""Names of secrets, also misspelt, as a finding about the name shows the line."""

_ASSIGNMENT = re.compile(
    # Without an equals sign, too: then that is what the finding is about.
    rf"(?:{_NAMES}|(?P<key>auth|register))[\x01-\x20=+>:]+(?P<value>[^\x01-\x20=+>:].*)",
    re.IGNORECASE | re.DOTALL,
)
_URL = re.compile(r"(?<=://)(?P<user>[^:/@\s\"']{0,256}):(?P<value>[^\s\"']{1,1024})(?=@)")
_GAP = r"[ \t]{0,20}"
_SCRIPT_NAME = r"[^\s\"'(),]{0,40}(?:secret|passw(?:or)?d|passphrase|pass|pwd)"
_SCRIPT = re.compile(
    # kamailio.cfg: a parameter, a define, a variable, the password that a digest is checked against.
    rf"(?:modparamx?{_GAP}\({_GAP}\"[^\"]{{0,80}}\"{_GAP},{_GAP}\"{_SCRIPT_NAME}\"{_GAP},"
    rf"|[#!]!(?:try|re)?def(?:ine)?[ \t]{{1,20}}{_SCRIPT_NAME}[ \t]"
    rf"|\$[a-z]{{1,8}}\({_SCRIPT_NAME}[\w)]{{0,20}}{_GAP}=(?!=)"
    rf"|\bpv_(?:auth_check|(?:www|proxy)_auth\w{{4,8}}){_GAP}\([^,]{{0,200}},)"
    rf"{_GAP}(?:\"(?P<double>[^$\"][^\"]{{0,1024}})|'(?P<single>[^$'][^']{{0,1024}}))",
    re.IGNORECASE,
)
_BLANKS = "".join(map(chr, range(1, 33)))
_LEAD = _BLANKS + "\ufeff;#/\\*-"
"""What may stand in front, also in a line that is commented out."""

_REFERENCE = re.compile(r"[\w.@-]+\Z")


class Masked(NamedTuple):
    """A line as it may be shown, and the stretches of the original that were replaced."""

    text: str
    hidden: tuple[Span, ...]

    def column(self, offset: int) -> int:
        """Where an offset of the original line lies in the shown one; inside a secret, where its mask begins."""
        shift = 0
        for span in self.hidden:
            if offset <= span.start:
                break
            if offset < span.end:
                return span.start + shift
            shift += len(MASK) - (span.end - span.start)
        return offset + shift


@lru_cache(maxsize=4)  # one long line may be shown thousands of times
def mask(line: str) -> Masked:
    """A line (without its end) with secrets replaced."""
    line = line[:MAX_LINE]
    hidden = []
    found = _ASSIGNMENT.match(line, len(line) - len(line.lstrip(_LEAD)))
    if found and not _harmless(found["key"], found["value"]):
        hidden.append(Span(found.start("value"), len(line.rstrip(_BLANKS))))
    if not hidden:
        hidden = [Span(*m.span(m.lastgroup or 0)) for m in _SCRIPT.finditer(line)]
        hidden += [Span(*m.span("value")) for m in _URL.finditer(line) if not hidden]
    if not hidden:
        return Masked(line, ())
    parts, done = [], 0
    for span in hidden:
        parts += [line[done : span.start], MASK]
        done = span.end
    parts.append(line[done:])
    return Masked("".join(parts), tuple(hidden))


def _harmless(key: str | None, value: str) -> bool:
    """``auth=name`` in pjsip.conf names a section; ``auth=user:secret@realm`` in sip.conf holds a secret."""
    if key is None or key.lower() != "auth":
        return False
    return all(_REFERENCE.match(item.strip()) and ":" not in item for item in value.split(","))


def reveals(edit: Edit) -> bool:
    """Would the text that an edit puts in show (a part of) a secret?"""
    source, (start, end) = edit.place
    if source.line_span(end).end - source.line_span(start).start > MAX_LINE:
        return True  # what it may show cannot be told
    before = source.text[source.line_span(start).start : start]
    after = source.text[end : source.line_span(end).end]
    at, last = 0, len(before) + len(edit.replacement)
    for line in f"{before}{edit.replacement}{after}".split("\n"):
        for hidden in mask(line).hidden:
            if max(at + hidden.start, len(before)) < min(at + hidden.end, last):
                return True
        at += len(line) + 1
    return False
