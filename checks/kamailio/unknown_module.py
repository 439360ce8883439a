"""A module is loaded that the server does not have.

Why it matters: the server looks for the file of a module in its directory of modules, and does not start without it.
Modules come and go: one that was removed is refused by the new version.

Client sees: as the server does not start: any request -> no answer

Log:
    could not find module <...> in <...>
    failed to load module

Verdict: spurious, for every phone there is: the server does not start.

Fix: correct the name, or take the line and what depends on it away. Unsafe: a name that is alike may be the wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.kamailio import RELEASES, index
from cfglint.knowledge.names import Suggestions
from cfglint.model.kamailio import Kamailio

from ._slips import corrected, slip

EXAMPLES = [
    Example(
        bad='loadmodule «"registar.so"»\nrequest_route { exit; }\n',
        good='loadmodule "registrar.so"\nrequest_route { exit; }\n',
        fixed='loadmodule "registrar.so"\nrequest_route { exit; }\n',
    ),
    Example(
        bad='loadmodule «"mysql.so"»\nrequest_route { exit; }\n',
        good='loadmodule "db_mysql.so"\nrequest_route { exit; }\n',
    ),
    Example(
        bad='loadmodule «"sl.so"\n"tm.so"»\nrequest_route { exit; }\n',
        good='loadmodule "sl.so"\nloadmodule "tm.so"\nrequest_route { exit; }\n',
    ),
    Example(
        bad='loadmodule «"mi_fifo"»\nrequest_route { exit; }\n',
        good='loadmodule "/opt/our/modules/our_own.so"\nrequest_route { exit; }\n',
    ),
    Example(
        bad='loadmodule «"osp.so"»\nrequest_route { exit; }\n',
        good='loadmodule "lcr.so"\nrequest_route { exit; }\n',
        targets=("kamailio=6.1",),
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    releases = kamailio.releases
    server = "Kamailio" if releases == RELEASES.all else f"Kamailio {RELEASES.spoken(releases)}"
    # The index is large, and mostly nobody needs it.
    names = index().modules(releases) if any(module.facts is None for module in kamailio.modules) else []
    meant = Suggestions(names)
    for module in kamailio.modules:
        facts, written = module.facts, module.node.module
        text = f"{server} has no module '{module.name}'"
        if facts is None and not {"/", "$"} & set(written.value):
            other = _longer(module.name, names) or meant.nearest(module.name)
            hint = ": it does not start unless this was added to it" if other is None else f"; did you mean '{other}'?"
            joined = "; strings side by side are one: is a loadmodule missing?" if ".so" in module.name else None
            subject = slip(module.name, other, written) if joined is None else None
            yield Defect(written.place, text + (joined or hint), subject=subject)
        elif facts is not None and facts.versions.isdisjoint(releases):
            heir = f", where '{facts.renamed_to}' took its place" if facts.renamed_to is not None else ""
            yield Defect(written.place, f"{text}{heir}; it is in {RELEASES.spoken(facts.versions)}")


def _longer(name: str, names: list[str]) -> str | None:
    """The module that has got a family's name in front, as mysql and SER's gflags have."""
    found = [other for other in names if other.endswith(f"_{name}")]
    return found[0] if len(found) == 1 else None


CHECK = Check(find, level="error", category="load", fix=corrected)
