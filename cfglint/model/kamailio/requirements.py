"""What the modules of a Kamailio configuration need of each other before the server starts.

Modules are initialised in the order of loading, and each asks for the others then (src/core/sr_module.c:init_modules).
Most answer at any time; tm and usrloc only once they are initialised themselves (src/modules/tm/tm_load.c:load_tm,
src/modules/usrloc/usrloc.c:bind_usrloc). ``kamailio -c`` stops before. The needs that depend on parameters were tried
with 5.6.3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from cfglint.knowledge.kamailio import Module, holding, lacking
from cfglint.namedtuples import NamedTuple

if TYPE_CHECKING:
    from cfglint.model.kamailio import Kamailio, Loaded
    from cfglint.model.kamailio.parameters import Setting

ORDERED = frozenset({"tm", "usrloc", "p_usrloc"})
"""The modules that must be initialised before those that need them."""


def _nonzero(value: int | str | None) -> bool:
    return isinstance(value, int) and value != 0


def _positive(value: int | str | None) -> bool:
    return isinstance(value, int) and value > 0


CONDITIONAL: tuple[tuple[str, str, str, Callable[[int | str | None], bool]], ...] = (
    ("acc", "rr", "detect_direction", _nonzero),
    ("acc", "dialog", "cdr_enable", _nonzero),
    ("dialog", "dmq", "enable_dmq", _positive),
    ("dispatcher", "tm", "ds_ping_interval", _positive),
    ("htable", "dmq", "enable_dmq", _positive),
    ("jsonrpcs", "xhttp", "transport", lambda value: value == 1),
    ("nathelper", "usrloc", "natping_interval", _positive),
    ("path", "rr", "use_received", _nonzero),
    ("presence", "sl", "db_url", bool),
    ("presence", "tm", "db_url", bool),
    ("uac", "rr", "restore_mode", lambda value: value != "none"),
    ("uac", "dialog", "restore_dlg", _nonzero),
)
"""Module, the one it needs, the parameter that decides, and for which values; a parameter that is not set is None."""


class Requirement(NamedTuple):
    """A need that is not met: `setting` is the line that asks for it, `late` the module when it is loaded too late."""

    module: Loaded
    need: str
    setting: Setting | None
    late: Loaded | None


def unmet(kamailio: Kamailio) -> Iterator[Requirement]:
    """The needs of the loaded modules that are not met, in the order of loading."""
    positions = {name: at for at, name in reversed(list(enumerate(kamailio.exports.names)))}
    for export in kamailio.exports.modules:
        module = export.module
        for need, setting in _needs(kamailio, module.name):
            at = positions.get(need)
            if at is None or (at > export.position and need in ORDERED):
                late = kamailio.modules[at] if at is not None else None
                yield Requirement(kamailio.modules[export.position], need, setting, late)


def _needs(kamailio: Kamailio, name: str) -> Iterator[tuple[str, Setting | None]]:
    facts = kamailio.loaded[name].facts
    assert facts is not None
    releases = kamailio.exports.releases
    for need in facts.dependencies:
        if need.need == "hard" and need.name != DRIVER and not lacking([need], releases):
            yield need.name, None
    for module, other, parameter, condition in CONDITIONAL:
        if module == name and holding(facts.parameter(parameter), releases):
            setting = kamailio.parameters.last(name, parameter)
            if condition(setting.value if setting is not None else None):
                yield other, setting


# --------------------------------------------------------------------------------------------------- database drivers

DRIVER = "@db"

SWITCHED: dict[str, tuple[str, Callable[[int | str | None], bool]]] = {
    "carrierroute": ("config_source", lambda value: value == "db"),
    "dialog": ("db_mode", _nonzero),
    "siptrace": ("trace_to_database", lambda value: value != 0),
    "topos": ("storage", lambda value: value in (None, "db")),
    "usrloc": ("db_mode", _nonzero),
}
"""Modules that use a database if a parameter says so, and only then."""

URLS = {"uac": "reg_db_url", "utils": "pres_db_url"}
"""Parameters with the URL of the database where they are not called ``db_url``."""

LISTS = {"db_cluster": "connection", "sqlops": "sqlcon"}
"""Parameters that name several databases, each as ``name=>URL``."""

WITH_URL = frozenset(
    ("acc", "dispatcher", "htable", "permissions", "pipelimit", "presence", "rtpengine", "utils"),
)
"""Modules that do not start when the driver of a URL that is set is missing."""

INDIFFERENT = frozenset(("avpops", "db2_ops", "mqueue", "uid_gflags"))
"""Modules that only use the database if functions or other parameters ask for it."""


class Driver(NamedTuple):
    """A database driver that is not loaded: `setting` is the line with the URL, None where the module's own default
    asks for it; `fatal` tells that the server does not start, not that queries fail."""

    module: Loaded
    name: str
    setting: Setting | None
    fatal: bool


def missing_drivers(kamailio: Kamailio) -> Iterator[Driver]:
    """The database drivers that modules ask for and that nobody loads (src/lib/srdb1/db.c:db_bind_mod)."""
    for export in kamailio.exports.modules:
        loaded, name = kamailio.modules[export.position], export.module.name
        for setting, url, fatal in _databases(kamailio, export.module):
            scheme, colon, _ = url.partition(":")
            driver = f"db_{scheme}"
            if colon and scheme.isidentifier() and driver not in kamailio.exports.names and driver != name:
                yield Driver(loaded, driver, setting, fatal)


def _databases(kamailio: Kamailio, module: Module) -> Iterator[tuple[Setting | None, str, bool]]:
    """The URLs that a module uses, with the lines that set them, and whether it starts without the driver."""
    if module.name in LISTS:
        for setting in kamailio.parameters.all(module.name, LISTS[module.name]):
            yield setting, str(setting.value).partition("=>")[2].strip(), False
        return
    needed = any(need.name == DRIVER and need.need == "hard" and need.measured for need in module.dependencies)
    if module.name in SWITCHED:
        parameter, condition = SWITCHED[module.name]
        switch = kamailio.parameters.last(module.name, parameter)
        needed = condition(switch.value if switch is not None else None)
    if module.name in INDIFFERENT or (module.name in SWITCHED and not needed):
        return
    parameter = URLS.get(module.name, "db_url")
    line = kamailio.parameters.last(module.name, parameter)
    defaults = [variant.default for variant in holding(module.parameter(parameter), kamailio.exports.releases)]
    if line is not None:
        yield line, str(line.value), needed or module.name in WITH_URL
    elif needed and defaults:
        yield None, str(defaults[0]), True
