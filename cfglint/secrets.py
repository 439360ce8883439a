"""Where secrets stand in a line of configuration, so that no report ever shows one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from cfglint.edits import Edit
from cfglint.knowledge.names import nearest
from cfglint.namedtuples import NamedTuple
from cfglint.source import Place, Span

MASK = "********"

PLAIN = 5
"""A shorter secret is replaced only where it stands in quotes: it may be part of any word."""

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
_URL = re.compile(
    r"(?<=://)[^:/@\s\"']{0,256}:(?:(?P<value>(?:(?!://)[^\s\"']){1,1024})(?=@)"
    # Without the at sign: what stands there is no port.
    r"|(?P<open>(?!\d{1,5}(?:[/?;,)\s\"']|\Z))[^@/\s\"']{1,1024}))"
)
"""``user:password@`` in a URL."""

_RUN = re.compile(r"[^\s\"'@]+@?")
_COLON = re.compile("[:#](?!//)")
_WORD = re.compile(r"[\w.+-]*\Z")
_SCHEMES = frozenset(("sip", "sips", "tel", "udp", "tcp", "tls", "ws", "wss", "http", "https"))
"""What stands before a colon and is no user."""

_PATTERN = re.compile(r"\\|\[0-9|\.\*|%\Z")
"""What tells a regular expression, or a variable behind the at sign, from a password."""

_NAMED = re.compile(
    # A name (with one letter too few, too), what a language puts between a name and its value, even if some of that is
    # missing, and the value: in quotes, or up to the next blank.
    r"(?P<name>[\w.]{0,40}(?:s[ecr]{3,5}t|ecret|pas\w{0,3}w\w{0,3}d|p?a?s{1,2}word|pas{1,2}(?:wo|or?d)|pwd|passphrase"
    r"|(?<![a-z])(?:a|db|u)?pass(?![a-z])|credential|_key|token)[\w.]{0,20})"
    r"(?:[\"')]{0,3}\s{0,20}={1,2}\s{0,20}[\"']?|[\"']\s{0,20},\s{0,20}[\"']?(?=[^\"']{1,1024}[\"'])"
    r"|(?:[\"')]\s{0,20}|[ \t]{1,20})[\"'](?!\s{0,20}[,;)]))"
    r"(?P<value>(?<=\")[^\"]+|(?<=')[^']+|[^\s\"';,)&]+)",
    re.IGNORECASE,
)
_NAMED_HINT = re.compile("s[ecr]{3,5}t|ecret|pas|sword|pwd|credential|_key|token", re.IGNORECASE)
"""A line without any of it has nothing that `_NAMED` finds, which takes long to say so."""

_PUBLIC = re.compile(
    r"(?:column(?:_\d)?|col|credentials|avp|table|file|path|mode|flags?|expires?|spec|realm|users?|name|list|len|private_key)\Z",
    re.I,
)
"""Ends of names that only look so."""

_DEFINED = re.compile(r"[#!]!?(?:try|re)?def\w{0,20}[ \t]+(?P<name>\w{1,80})[ \t]+(?P<value>[^\s\"].*)")
_SUBSTITUTED = re.compile(r"!sub\w{0,20}[ \t]+\"?(?P<mark>\W)(?P<name>\w{1,80})(?P=mark)(?P<value>[^\"]+)")
"""Kamailio's preprocessor; the name tells whether it is a secret."""

_SECRET = re.compile(r"secret|pas\w{0,3}w\w{0,3}d|pwd|pass|cred|key|token", re.IGNORECASE)

_LITERAL = re.compile(
    r"\bpv_\w{0,20}auth\w{0,20}[ \t]{0,20}\([^,]{0,200},"
    r"[ \t]{0,20}(?:\"(?P<double>[^\"$][^\"]*)|'(?P<single>[^'$][^']*))"
)
"""A password in a call: the second argument of ``pv_www_authenticate`` and its relatives."""

_HASH = re.compile(r"(?<![\w$])(?P<value>[0-9a-fA-F]{64}|[0-9a-fA-F]{32})(?!\w)")
"""What may be the digest of a password."""

_KEY = re.compile(r"(?P<key>[\w/-]{4,40})[\x01-\x20]*[=+>:][\x01-\x20=+>:]*(?P<value>[^\x01-\x20=+>:].*)", re.DOTALL)
_SLIPS = (
    "secret",
    "md5secret",
    "remotesecret",
    "vmsecret",
    "password",
    "md5_cred",
    "password_digest",
    "refresh_token",
    "register",
)
"""Names that may be misspelt: a finding about the name shows its line."""

_BLANKS = "".join(map(chr, range(1, 33)))
_LEAD = _BLANKS + "\ufeff;#/\\*-"
"""What may stand in front, also in a line that is commented out."""

_REFERENCE = re.compile(r"[\w.@-]+\Z")


_HINT = re.compile(
    r"@|://|sec|ret|cre|ecr|pas|ss|wor|pwd|tok|ken|_key|reg|ist|ter|auth|md5|dig|[#!]!?(?:try|re)?def|!sub|[0-9a-f]{32}",
    re.IGNORECASE,
)
"""A text without any of it holds no secret: what would take long need not be asked."""


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
    if _HINT.search(line) is None:
        return Masked(line, ())
    value = _assigned(line)
    hidden = [Span(value, len(line.rstrip(_BLANKS)))] if value is not None else _within(line)
    return Masked(_covered(line, hidden), tuple(hidden))


def _assigned(line: str) -> int | None:
    """Where the value begins that a line gives to a secret, also to one that is misspelt."""
    start = len(line) - len(line.lstrip(_LEAD))
    found = _ASSIGNMENT.match(line, start)
    if found is not None:
        return None if _harmless(found["key"], found["value"]) else found.start("value")
    found = _KEY.match(line, start)
    return found.start("value") if found is not None and _is_slip(found["key"]) else None


@lru_cache(maxsize=256)
def _is_slip(key: str) -> bool:
    return any(nearest(key, [name]) for name in _SLIPS)


def _covered(line: str, hidden: Iterable[Span]) -> str:
    parts, done = [], 0
    for span in hidden:
        parts += [line[done : span.start], MASK]
        done = span.end
    parts.append(line[done:])
    return "".join(parts)


def _within(line: str) -> list[Span]:
    """Secrets anywhere in a line, in order and none touching another."""
    found = [
        Span(*match.span(match.lastgroup or 0))
        for pattern in (_URL, _LITERAL, _HASH)
        for match in pattern.finditer(line)
    ]
    found += _before_at_signs(line)
    for pattern in (_NAMED, _DEFINED, _SUBSTITUTED) if _NAMED_HINT.search(line) else (_DEFINED, _SUBSTITUTED):
        for match in pattern.finditer(line):
            secret = pattern is _NAMED or _SECRET.search(match["name"])
            if secret and not _PUBLIC.search(match["name"]) and not match["value"].startswith("$"):
                found.append(Span(*match.span("value")))
    hidden: list[Span] = []
    for span in sorted(found):
        if hidden and span.start <= hidden[-1].end:
            hidden[-1] = Span(hidden[-1].start, max(span.end, hidden[-1].end))
        else:
            hidden.append(span)
    return hidden


def _before_at_signs(line: str) -> Iterator[Span]:
    """What may be a password: ``user:password@host`` outside of a URL, also where the at sign is all that is left."""
    if "@" not in line:
        return
    for run in _RUN.finditer(line):
        if not run.group().endswith("@"):
            continue
        for colon in _COLON.finditer(run.group()):
            before = _WORD.search(run.group()[max(colon.start() - 64, 0) : colon.start()])
            if before is None or before.group().lower() not in _SCHEMES:
                value = Span(run.start() + colon.end(), run.end() - 1)
                if value.start < value.end and not _PATTERN.search(line, *value):
                    yield value
                break


def conceal(text: str, places: Iterable[Place]) -> str:
    """A text about places of the configuration without the secrets that stand in their lines, or in itself."""
    for place in places:
        line = place.source.line_text(place.span.start)[:MAX_LINE]
        for start, end in mask(line).hidden:
            secret = line[start:end].strip(_BLANKS + "\"'")
            if len(secret) >= PLAIN:
                text = text.replace(secret, MASK)
            elif secret:
                for quote in "\"'":
                    text = text.replace(f"{quote}{secret}{quote}", f"{quote}{MASK}{quote}")
    return _covered(text, _within(text[:MAX_LINE])) if _HINT.search(text) else text


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
