"""xlog: writes to the log (modules/xlog/xlog.c)."""

from __future__ import annotations

FUNCTIONS = dict.fromkeys(
    ("xlog", "xdbg", "xlogl", "xdbgl", "xlogm", "xerr", "xinfo", "xwarn", "xnotice"), lambda run, arguments: 1
)
