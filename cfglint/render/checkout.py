"""How reports for other programs name a file: relative to the repository they run in, however they were started."""

from __future__ import annotations

import os


class Checkout:
    """The repository that holds the current directory, or this directory itself where there is none."""

    def __init__(self) -> None:
        here = folder = os.path.realpath(os.getcwd())
        while not os.path.lexists(os.path.join(folder, ".git")) and folder != os.path.dirname(folder):
            folder = os.path.dirname(folder)
        self.root = folder if os.path.lexists(os.path.join(folder, ".git")) else here
        self._known: dict[str, str] = {}

    def path(self, shown: str) -> str:
        """A path as a report shows it, seen from the repository's top; absolute for a file outside of it.

        Symbolic links are followed: hosts of repositories know files by their own names only.
        """
        found = self._known.get(shown)
        if found is None:
            top = os.path.join(self.root, "")
            absolute = os.path.abspath(shown)
            inside = (p[len(top) :] for p in (os.path.realpath(absolute), absolute) if p.startswith(top))
            found = self._known[shown] = next(inside, absolute)
        return found
