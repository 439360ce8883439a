"""A section that no object type claims: its type is misspelled or missing.

Why it matters: res_sorcery_config.c:sorcery_is_criteria_met compares the first `type` of a section letter by letter
with `endpoint`, `aor`, `auth` and so on. A section with another value, in capitals or quotes, or without any `type`, is
left out. What it should define does not exist: a phone gets 401 again and again, 404 or 500. `[global]` and `[system]`
are found by their names.

Client sees: an endpoint: REGISTER -> 401 -> 401; an AOR: REGISTER -> 401 -> 404; an auth: REGISTER -> 500

Log: Nothing. The section is passed over.

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. The section stands in the file and does not exist.

Does not help: a reload.

Fix: write the type as it is spelled in the documentation. Where only one type knows all the section's options, it can
be filled in automatically.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.knowledge.names import nearest
from cfglint.model.editing import add_option, set_value
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import LOST
from cfglint.resolve.asterisk import Section

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
        fixed="[globals]\ndefault_realm=pbx.example.com\ntype=global\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    missed = _missed(pjsip) if pjsip.unrecognised else set()
    for section in pjsip.unrecognised:
        if section.incomplete or pjsip.config.incomplete or section.header.detached is not None:
            continue  # what is not here may set it; a template that is not applied is another check's
        option = section.first("type")
        kind = _meant(section, missed, pjsip)
        lost = f": {LOST[kind]}" if kind in LOST else ""
        if option is not None:
            hint = f"; did you mean '{kind}'?" if kind else ""
            message = f"'{option.value}' is no object type, so section '{section.name}' defines nothing{lost}{hint}"
            place, level = option.value_place if option.value else option.place, "error" if kind else "info"
        else:
            what = f" (its options are those of type {kind})" if kind and section.options else ""
            message = f"section '{section.name}' has no type and defines nothing{what}{lost}"
            place, level = section.name_place, _level(section, kind, missed)
        yield Defect(place, message, level=level, subject=(section, kind))


DECISIVE = {
    "endpoint": ("aors", "auth", "context"),
    "global": (),
    "identify": ("match", "match_header"),
    "registration": ("server_uri",),
}
"""A section without a type is surely meant as one if it holds one of these options (empty: any option of the type)."""


def _level(section: Section, kind: str | None, missed: set[tuple[str, str]]) -> str:
    """What others name is missed; a section that can only be one thing is worth a warning; notes are not."""
    if kind is not None and (kind, section.name) in missed:
        return "error"
    decisive = DECISIVE.get(kind or "")
    sure = decisive is not None and (not decisive or any(o.name in decisive for o in section.options))
    return "warning" if sure else "info"


def _missed(pjsip: Pjsip) -> set[tuple[str, str]]:
    """What endpoints name, and endpoints for which there is an AOR or auth, as far as it does not exist."""
    found = {
        (kind, name.strip())
        for endpoint in pjsip.declared["endpoint"]
        for kind, key in (("aor", "aors"), ("auth", "auth"))
        for name in endpoint.value(key).split(",")
    }
    found |= {("endpoint", item.name) for kind in ("aor", "auth") for item in pjsip.declared[kind]}
    return {(kind, name) for kind, name in found if pjsip.find(kind, name) is None}


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


def _meant(section: Section, missed: set[tuple[str, str]], pjsip: Pjsip) -> str | None:
    option = section.first("type")
    if option is not None:
        value = option.value.strip("\"' ").lower()
        return value if value in pjsip.knowledge.types else nearest(value, pjsip.knowledge.types)
    candidates = _candidates(section, pjsip)
    if len(candidates) == 1:
        return candidates[0]
    wanted = [kind for kind, name in missed if name == section.name and (kind in candidates or not section.options)]
    return wanted[0] if len(wanted) == 1 else None


def fix(subject: tuple[Section, str | None]) -> Fix | None:
    section, kind = subject
    if kind is None:
        return None
    option = section.first("type")
    if option is None:
        if not section.options:
            return None
        return Fix(f"say that '{section.name}' is of type {kind}", (add_option(section, ("type", kind)),))
    return Fix(f"write type={kind}", (set_value(option, kind),))


CHECK = Check(find, level="error", category="load", fix=fix)
