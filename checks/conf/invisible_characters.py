r"""A character that nobody sees, such as a no-break space, is part of a name or value.

Why it matters: the server strips blanks that are bytes from 1 to 32 (include/asterisk/strings.h:ast_strip). A no-break
space, a zero-width space or a byte order mark in the middle of a file stays: `secret` then holds one character more
than the phone sends, and every digest fails; the name of an option or section is one that nobody knows.

Text for display may hold such characters; only names, and values in which they cannot be meant, are looked at.

Client sees: REGISTER -> 401 -> 403; in pjsip.conf: REGISTER -> 401 -> 401

Log: Nothing at the line itself.
    Registration from '...' failed for '...' - Wrong password
    Request '...' from '...' failed for '...' (callid: ...) - Failed to authenticate

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403, as chan_sip does, or challenge again,
as chan_pjsip does; the client must not send the same ones again.

Verdict: spurious. The password looks right and is another one.

Does not help: typing the password again in the phone.

Fix: delete them, or write a blank. Unsafe: the line begins to work.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import Config, Option
from cfglint.source import Place

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\nsecret=«s3cret\u00a0»\n",
        good="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\ncallerid=Anne\u00a0Marie <1001>\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
    Example(
        bad="[«1001\u200b»]\ntype=friend\n«\u00a0host»=dynamic\npermit=«10.0.0.0/8\u2060»\n",
        good="[1001]\ntype=friend\nhost=dynamic\npermit=10.0.0.0/8\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\npermit=10.0.0.0/8\n",
    ),
]

_WIDE = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\udca0"
)
"""Blanks; the last is a no-break space of a file in ISO 8859-1."""
_NARROW = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_INVISIBLE = _WIDE + _NARROW
_PROSE = frozenset(
    ("callerid", "description", "fullname", "cid_name", "setvar", "set_var", "exten", "same", "trunkname", "useragent")
) | {"user_agent", "sdpsession", "sdp_session", "header"}


class _Text(NamedTuple):
    """A name or value with such characters, and the same without them."""

    place: Place
    clean: str


def find(config: Config) -> Iterator[Defect]:
    sources = {source for source in config.files if not source.text.isascii() and _holds(source.text)}
    for section in config.sections if sources else ():
        if section.source in sources and _holds(section.name):
            text = _Text(section.name_place, _clean(section.name))
            message = f"the section's name holds {_shown(section.name)}: it is not '{text.clean}' for the server"
            yield Defect(section.name_place, message, (), text)
        for option in section.options:
            if option.home is section and option.source in sources:
                yield from _option(option)


def _option(option: Option) -> Iterator[Defect]:
    if _holds(option.key):
        text = _Text(option.key_place, _clean(option.key))
        message = f"the option's name holds {_shown(option.key)}: it is not '{text.clean}' for the server"
        yield Defect(option.key_place, message, (), text)
    if option.name in _PROSE or not _holds(option.value):
        return
    place = option.value_place
    text = _Text(place, _clean(option.value))
    yield Defect(place, f"the value holds {_shown(option.value)}, which belongs to it", (), text)


def _holds(text: str) -> bool:
    return not text.isascii() and any(c in text for c in _INVISIBLE)


def _clean(text: str) -> str:
    """Without them; between words a blank stands for them."""
    return text.translate(_TABLE).strip()


_TABLE = {**dict.fromkeys(map(ord, _WIDE), " "), **dict.fromkeys(map(ord, _NARROW), None)}


def _shown(text: str) -> str:
    return ", ".join(
        dict.fromkeys(f"U+{ord(c):04X}" if c != "\udca0" else "the byte A0" for c in text if c in _INVISIBLE)
    )


def fix(text: _Text) -> Fix | None:
    return Fix("take it away", (replace(text.place, text.clean),)) if text.clean else None


CHECK = Check(find, level="warning", category="load", fix=fix)
