"""Where secrets stand in a line of configuration, so that no report ever shows one."""

from __future__ import annotations

import re
from typing import NamedTuple

from cfglint.source import Span

MASK = "********"

_KEYS = (
    "secret|remotesecret|md5secret|password|password_digest|md5_cred|auth|register|refresh_token|oauth_secret"
    "|oauth_clientid|tlsprivatekey_password|priv_key_password|dbpass|dbpassword|pass|sippasswd|vmsecret"
)
_ASSIGNMENT = re.compile(
    # Also where the line is commented out in any manner, or has a colon or blank for its equals sign.
    rf"(?i)^[\x01-\x20\ufeff#;/\\*-]*(?:[a-z_]+/)?(?P<key>{_KEYS})"
    r"(?:[\x01-\x20]*(?:\+?=>?|:)[\x01-\x20]*|[\x01-\x20]+)(?P<value>.+?)[\x01-\x20]*$",
    re.MULTILINE | re.DOTALL,
)
_URL = re.compile(r"(?<=://)(?P<user>[^:/@\s\"']*):(?P<value>[^@\s\"']+)(?=@)")
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


def mask(line: str) -> Masked:
    """A line (without its end) with secrets replaced."""
    hidden = []
    found = _ASSIGNMENT.match(line)
    if found and not _harmless(found.group("key").lower(), found.group("value")):
        hidden.append(Span(*found.span("value")))
    hidden += [Span(*m.span("value")) for m in _URL.finditer(line) if not hidden]
    if not hidden:
        return Masked(line, ())
    parts, done = [], 0
    for span in hidden:
        parts += [line[done : span.start], MASK]
        done = span.end
    parts.append(line[done:])
    return Masked("".join(parts), tuple(hidden))


def _harmless(key: str, value: str) -> bool:
    """``auth=name`` in pjsip.conf names a section; ``auth=user:secret@realm`` in sip.conf holds a secret."""
    return key == "auth" and all(_REFERENCE.match(item.strip()) and ":" not in item for item in value.split(","))
