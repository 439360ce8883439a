"""A file that a setting names has another name.

Why it matters: permissions, dispatcher and tls do not start without the file that they are given (`kamailio -c` does
not try); an allow or deny file that is missing counts as empty, so everybody is allowed; and import_file takes a
missing file for none. Where the file lies beside the configuration under a name that differs by a letter, that is
probably the one.

Client sees: of permissions, dispatcher and tls, as the server does not start: any request -> no answer

Verdict: spurious, for every phone there is.

Does not help: `kamailio -c`: it does not look for the file.

Fix: correct the name. Unsafe: what stands in that file comes into force.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import literal
from cfglint.namedtuples import NamedTuple
from cfglint.source import Place

from ._files import meant

EXAMPLES = [
    Example(
        bad={
            "kamailio.cfg": 'modparam("permissions", "address_file", «"/etc/kamailio/adress.list"»)\n'
            "request_route {\n    exit;\n}\n",
            "address.list": "1 192.0.2.1\n",
        },
        good={
            "kamailio.cfg": 'modparam("permissions", "address_file", "/etc/kamailio/gateways.list")\n'
            "request_route {\n    exit;\n}\n",
            "address.list": "1 192.0.2.1\n",
        },
        fixed={
            "kamailio.cfg": 'modparam("permissions", "address_file", "/etc/kamailio/address.list")\n'
            "request_route {\n    exit;\n}\n",
            "address.list": "1 192.0.2.1\n",
        },
    ),
    Example(
        bad={
            "kamailio.cfg": '#!KAMAILIO\nimport_file «"local-flag.cfg"»\nrequest_route {\n    exit;\n}\n',
            "local-flags.cfg": "#!define WITH_IPAUTH\n",
        },
        good={
            "kamailio.cfg": '#!KAMAILIO\nimport_file "local-flags.cfg"\nimport_file "local-flagz.cfg"\n'
            "request_route {\n    exit;\n}\n",
            "local-flags.cfg": "#!define WITH_IPAUTH\n",
        },
        fixed={
            "kamailio.cfg": '#!KAMAILIO\nimport_file "local-flags.cfg"\nrequest_route {\n    exit;\n}\n',
            "local-flags.cfg": "#!define WITH_IPAUTH\n",
        },
    ),
]

_PARAMETERS = (
    ("permissions", "address_file"),
    ("permissions", "default_allow_file"),
    ("permissions", "default_deny_file"),
    ("dispatcher", "list_file"),
    ("tls", "config"),
    ("tls", "certificate"),
    ("tls", "private_key"),
    ("tls", "ca_list"),
)


class Misspelled(NamedTuple):
    """A name in quotes, and what it should be."""

    place: Place
    name: str


def find(kamailio: Kamailio) -> Iterator[Defect]:
    named = list(_named(kamailio))
    used = {name.rpartition("/")[2] for name, _ in named} | {i.name for i in kamailio.config.includes}
    for name, place in named:
        other = meant(kamailio, name, used)
        if other is not None:
            last, right = (path.rpartition("/")[2] for path in (name, other))
            yield Defect(
                place, f"there is no file '{last}' here; did you mean '{right}'?", subject=Misspelled(place, other)
            )


def _named(kamailio: Kamailio) -> Iterator[tuple[str, Place]]:
    """The files that are named, and where."""
    for module, parameter in _PARAMETERS:
        for setting in kamailio.parameters.all(module, parameter):
            if setting.text:
                yield setting.text, setting.node.value.place
    for located in kamailio.calls_of("allow_routing"):
        for argument in located.call.arguments:
            name = literal(argument)
            if name:
                yield name, argument.place
    for include in kamailio.config.includes:
        if include.optional and include.source is None and include.place.source is kamailio.config.files[0]:
            yield include.name, include.place


def fix(misspelled: Misspelled) -> Fix | None:
    if misspelled.place.text[:1] != '"':
        return None
    return Fix("the file that is there", (replace(misspelled.place, f'"{misspelled.name}"'),))


CHECK = Check(find, level="warning", category="load", fix=fix)
