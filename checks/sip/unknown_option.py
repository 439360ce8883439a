"""An option that chan_sip does not know, and ignores without a word.

Why it matters: channels/chan_sip.c:reload_config and build_peer pass over names they do not know. A misspelled `secret`
leaves an account open, a misspelled `host` or `type` closes it, a misspelled `permit` protects nothing. Options of
[general] have no effect in an account's section and the other way round: `deny` in [general] protects nothing.

Log: Nothing.

Fix: correct the name, move the line to where it counts, or delete it.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.knowledge.asterisk import Variant
from cfglint.knowledge.names import Suggestions
from cfglint.model.editing import rename
from cfglint.model.sip import Sip
from cfglint.resolve.asterisk import Option, Section, folded

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\n«secert»=s3cret\n",
        good="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
    Example(
        bad="[general]\n«permitt»=10.0.0.0/8\n",
        good="[general]\nallowguest=no\n; cfglint: ignore[sip-unknown-option] read by our own tool\nour_note=x\n",
    ),
]

PREFIXES = ("jb", "tls", "ssl", "dtls", "cc_", "tos_", "cos_", "session-")
"""Options that chan_sip hands on to other parts of Asterisk, which have more of them than are listed."""

DECISIVE = frozenset(("secret", "md5secret", "host", "type", "permit", "deny", "acl", "transport", "insecure"))
"""Options whose lack opens or closes an account."""


def find(sip: Sip) -> Iterator[Defect]:
    general, peer = sip.knowledge.general, sip.knowledge.peer
    verdicts: dict[tuple[bool, str], str | None] = {}
    suggestions = Suggestions([*general, *peer])
    for section in sip.config.sections:
        name = folded(section.name)
        if name == "authentication":
            continue
        here, there = (general, peer) if name == "general" else (peer, general)
        for option in section.options:
            if option.name in here or option.home is not section:
                continue
            key = (name == "general", option.name)
            if key not in verdicts:
                verdicts[key] = _meant(option.name, there, suggestions)
            yield from _defect(option, section, verdicts[key], there)


def _meant(name: str, there: dict[str, list[Variant]], suggestions: Suggestions) -> str | None:
    return name if name in there or name.startswith(PREFIXES) else suggestions.nearest(name)


def _defect(option: Option, section: Section, meant: str | None, there: dict[str, list[Variant]]) -> Iterator[Defect]:
    if meant == option.name:
        if option.name in there and not option.name.startswith(PREFIXES) and not _is_shared(there[option.name]):
            where = "in an account's section" if folded(section.name) == "general" else "in [general]"
            message = f"'{option.key}' counts only {where} and is ignored here"
            yield Defect(option.key_place, message, level="info")
        return
    hint = f"; did you mean '{meant}'?" if meant else ""
    message = f"'{option.key}' is no option of chan_sip and is ignored{hint}"
    decisive = meant in DECISIVE and section.last(meant) is None
    # Programs that write configurations leave lines of their own; only a slip of the pen is surely a mistake.
    level = "error" if decisive else "warning" if meant else "info"
    yield Defect(option.key_place, message, level=level, subject=(option, meant, section))


def _is_shared(variants: list[Variant]) -> bool:
    return any(variant.get("realtime_only") for variant in variants)


def fix(subject: tuple[Option, str | None, Section]) -> Fix | None:
    option, meant, section = subject
    if meant is None or section.last(meant) is not None:
        return None
    return Fix(f"write '{meant}' for '{option.key}'", (rename(option, meant),))


CHECK = Check(find, level="warning", category="load", fix=fix)
