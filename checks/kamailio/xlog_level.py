"""xlog() does not know a level by that name.

Why it matters: only the third character of a level is looked at (xlog/xlog.c:xlog_fixup_helper), in capital letters:
`L_INFO` and `L_WARN` are levels, `INFO`, `L_info` and `3` are none, and the server does not start. kamailio -c does not
see it.

Client sees: as the server does not start: any request -> no answer

Log:
    unknown log level
    wrong log level

Verdict: spurious, for every phone there is: the server does not start.

Does not help: `kamailio -c`: it does not get that far, and finds nothing wrong.

Fix: write the level that the name means.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import written
from cfglint.model.kamailio.script import inside
from cfglint.syntax.kamailio.tokens import Number, String

EXAMPLES = [
    Example(
        bad='loadmodule "xlog.so"\nrequest_route {\n    xlog(«"INFO"», "a call\\n");\n}\n',
        good='loadmodule "xlog.so"\nrequest_route {\n    xlog("L_INFO", "a call\\n");\n    xlog("INFO");\n}\n',
        fixed='loadmodule "xlog.so"\nrequest_route {\n    xlog("L_INFO", "a call\\n");\n}\n',
    ),
    Example(
        bad='loadmodule "xlog.so"\nrequest_route {\n    xlog("LOG_LOCAL1", «"L_top"», "x");\n    xlogl(«3», "x");\n}\n',
        good='loadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n    xlog("$var(level)", "x");\n}\n',
    ),
]

FUNCTIONS = ("xlog", "xlogl", "xlogm")
LETTERS = "ABCEWNID"
"""The third characters of L_ALERT, L_BUG, L_CRIT, L_ERR, L_WARN, L_NOTICE, L_INFO and L_DBG."""
MEANT = {
    "ALERT": "L_ALERT",
    "BUG": "L_BUG",
    "CRIT": "L_CRIT",
    "CRITICAL": "L_CRIT",
    "ERR": "L_ERR",
    "ERROR": "L_ERR",
    "WARN": "L_WARN",
    "WARNING": "L_WARN",
    "NOTICE": "L_NOTICE",
    "INFO": "L_INFO",
    "DBG": "L_DBG",
    "DEBUG": "L_DBG",
}
"""What people write, and the level."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if "xlog" not in kamailio.loaded:
        return
    for located in kamailio.calls_of(*FUNCTIONS):
        level = inside(located.call.arguments[-2]) if len(located.call.arguments) > 1 else None
        if isinstance(level, Number) or (isinstance(level, String) and not _known(level.value)):
            text = f"'{located.call.name}' knows no such level: the server does not start"
            yield Defect(level.place, text, subject=level)


def _known(level: str) -> bool:
    return level.startswith("$") or level[2:3] in tuple(LETTERS)


def fix(level: Number | String) -> Fix | None:
    meant = MEANT.get(level.value.upper().removeprefix("L_")) if isinstance(level, String) and written(level) else None
    return Fix(f"write {meant}", (replace(level.place, f'"{meant}"'),), SAFE) if meant is not None else None


CHECK = Check(find, level="error", category="load", fix=fix)
