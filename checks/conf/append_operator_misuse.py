"""`+=` glues text to the value above it; it does not add a line or an item.

Why it matters: main/config.c:process_text_line appends what follows `+=`, blanks included, to the last value of that
name: `allow=ulaw` and `allow+=alaw` make `ulawalaw`. chan_pjsip drops the endpoint for such a codec, an address list
with such an entry deletes its account, and chan_sip leaves the codec out. `+=>` is no operator either: the `>` goes
into the value.

Client sees: a phone of chan_pjsip with such a codec list: REGISTER -> 401 -> 401

Log: Nothing at the line itself.

Verdict: spurious. The codecs were meant to be two.

Fix: a second line with `=`, where the option may stand more than once. Unsafe: it changes what is read.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.resolve.asterisk import Config, Option
from cfglint.source import Place, Span

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\nallow=ulaw\nallow «+=» alaw\n",
        good="[1001]\ntype=friend\nallow=ulaw\nallow+=,alaw\ncallerid=Desk\ncallerid += <1001>\npermit+=10.0.0.0/8\n",
        fixed="[1001]\ntype=friend\nallow=ulaw\nallow = alaw\n",
    ),
]

LISTS = frozenset(
    "allow disallow permit deny acl contactpermit contactdeny contactacl contact_permit contact_deny contact_acl match"
    " contact localnet local_net domain mailbox".split()
)
"""Options whose value is a list, or that may stand more than once."""


def find(config: Config) -> Iterator[Defect]:
    for section in config.sections if any("+=" in source.text for source in config.files) else ():
        for option in section.options:
            entry = option.assignment
            if entry.operator != "+=" or option.home is not section or option.name not in LISTS:
                continue
            glued = option.value.removesuffix(entry.value).rstrip()
            if glued and glued != option.value and not glued.endswith((",", "|")) and entry.value[:1] not in (",", "|"):
                text = f"the value is glued to the one above: '{option.key}' is '{option.value}'"
                yield Defect(_operator(option), text, (), option)


def _operator(option: Option) -> Place:
    start = option.key_place.span.end
    at = option.source.text.index("+=", start)
    return Place(option.source, Span(at, at + 2))


def fix(option: Option) -> Fix:
    return Fix("write a line of its own", (replace(_operator(option), "="),))


CHECK = Check(find, level="warning", category="load", fix=fix)
