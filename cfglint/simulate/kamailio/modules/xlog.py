"""xlog: writes to the log."""

from __future__ import annotations

FUNCTIONS = dict.fromkeys(
    ("xlog", "xdbg", "xlogl", "xdbgl", "xlogm", "xerr", "xinfo", "xwarn", "xnotice"), lambda run, arguments: 1
)
