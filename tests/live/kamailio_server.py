"""Asks an installed Kamailio what it thinks of a configuration; nothing is started (``kamailio -c``)."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cfglint.knowledge.kamailio import RELEASES

PROGRAM = shutil.which("kamailio") or shutil.which("kamailio", path="/usr/sbin:/usr/local/sbin")


class Opinion(NamedTuple):
    """Whether the server takes a configuration, and what it says."""

    accepted: bool
    output: str

    @property
    def lines(self) -> set[int]:
        """The lines of the file that it complains of; of several the last, where it noticed."""
        places = re.findall(r"yyerror_at\(\): .* line (\d+), column [\d-]+(?: to line (\d+))?", self.output)
        return {int(last or first) for first, last in places}


@cache
def version() -> str:
    """The full version of the installed server, such as ``5.6.3``; empty without one."""
    if PROGRAM is None:
        return ""
    said = subprocess.run([PROGRAM, "-v"], capture_output=True, text=True, timeout=20, check=False).stdout
    found = re.search(r"version: kamailio (\d+(?:\.\d+)+)", said)
    return found[1] if found else ""


def release() -> str | None:
    """The release that the installed server is of; None without one, or if cfglint does not know it."""
    return RELEASES.release(version())


def ask(text: str, folder: Path) -> Opinion:
    """What the server thinks of a kamailio.cfg; `folder` takes the file."""
    assert PROGRAM is not None
    path = folder / "kamailio.cfg"
    path.write_text(text, encoding="utf-8")
    # Since 5.7 it stops at the first error unless told otherwise.
    more = ["--all-errors"] if tuple(map(int, version().split(".")[:2])) >= (5, 7) else []
    done = subprocess.run(
        [PROGRAM, "-c", "-E", *more, "-f", str(path)],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=60,
        check=False,
    )
    return Opinion(done.returncode == 0, done.stdout + done.stderr)
