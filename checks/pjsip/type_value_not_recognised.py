"""A section that no object type claims: its type is misspelled or missing.

Why it matters: res_sorcery_config.c:sorcery_is_criteria_met compares the first `type` of a section letter by letter
with `endpoint`, `aor`, `auth` and so on. A section with another value, in capitals or quotes, or without any `type`, is
left out without a word in the log. What it should define does not exist: a phone gets 401 again and again, 404 or 500.
`[global]` and `[system]` are found by their names.

Fix: write the type as it is spelled in the documentation. Where only one type knows all the section's options, it can
be filled in automatically.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.knowledge.names import nearest
from cfglint.model.editing import add_option, own_options, set_value
from cfglint.model.pjsip import LOST, Pjsip
from cfglint.resolve.asterisk import Option, Section

EXAMPLES = [
    Example(
        bad="[1001]\ntype=«Endpoint»\naors=1001\n",
        good="[1001]\ntype=endpoint\naors=1001\n",
        fixed="[1001]\ntype=endpoint\naors=1001\n",
    ),
    Example(
        bad="[«1001»]\nmax_contacts=1\n[1001]\ntype=endpoint\naors=1001\n",
        good="[1001]\nmax_contacts=1\ntype=aor\n[1001]\ntype=endpoint\naors=1001\n",
        fixed="[1001]\nmax_contacts=1\ntype=aor\n[1001]\ntype=endpoint\naors=1001\n",
    ),
    Example(
        bad="[«globals»]\ndefault_realm=pbx.example.com\n",
        good="[global]\ndefault_realm=pbx.example.com\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    referenced = _referenced(pjsip)
    for section in pjsip.unrecognised:
        if section.incomplete or (not section.options and section.header.detached is not None):
            continue
        option = section.first("type")
        candidates = _candidates(section, pjsip)
        kind = _meant(option, candidates, pjsip)
        lost = f": {LOST[kind]}" if kind in LOST else ""
        if option is not None:
            hint = f"; did you mean '{kind}'?" if kind else ""
            message = f"'{option.value}' is no object type, so section '{section.name}' defines nothing{lost}{hint}"
            level = "error" if kind else "info"
            yield Defect(
                option.value_place if option.value else option.place, message, level=level, subject=(section, kind)
            )
        else:
            what = f" (its options are those of type {kind})" if kind else ""
            message = f"section '{section.name}' has no type and defines nothing{what}{lost}"
            serious = kind is not None and (kind, section.name) in referenced
            yield Defect(section.name_place, message, level=_level(kind, serious), subject=(section, kind))


def _level(kind: str | None, referenced: bool) -> str:
    """A section that others name, or that can only be one thing, is missed; a list of notes is not."""
    if referenced:
        return "error"
    return "warning" if kind in ("endpoint", "global", "identify", "registration") else "info"


def _referenced(pjsip: Pjsip) -> set[tuple[str, str]]:
    """What endpoints name, and endpoints for which there is an AOR or auth."""
    found = {
        (kind, name.strip())
        for endpoint in pjsip.declared["endpoint"]
        for kind, key in (("aor", "aors"), ("auth", "auth"))
        for name in endpoint.value(key).split(",")
    }
    return found | {("endpoint", item.name) for kind in ("aor", "auth") for item in pjsip.declared[kind]}


def _candidates(section: Section, pjsip: Pjsip) -> list[str]:
    """The types that know all of the section's options; an AOR's name for an AOR, and so on."""
    named = [option.name for option in section.options if option.name != "type"]
    if not named:
        return []
    return [
        kind
        for kind, options in pjsip.knowledge.types.items()
        if kind != "phoneprov" and all(options.get(name) is not None and not name.startswith("@") for name in named)
    ]


def _meant(option: Option | None, candidates: list[str], pjsip: Pjsip) -> str | None:
    if option is None:
        return candidates[0] if len(candidates) == 1 else None
    value = option.value.strip("\"' ").lower()
    if value in pjsip.knowledge.types:
        return value
    return nearest(value, pjsip.knowledge.types)


def fix(subject: tuple[Section, str | None]) -> Fix | None:
    section, kind = subject
    if kind is None or kind in ("global", "system"):
        return None
    option = section.first("type")
    if option is None:
        if not own_options(section):
            return None
        return Fix(f"say that '{section.name}' is of type {kind}", (add_option(section, ("type", kind)),))
    return Fix(f"write type={kind}", (set_value(option, kind),))


CHECK = Check(find, level="error", category="load", fix=fix)
