"""Which files a run may read and change: a tree may include, or link to, whatever it likes, and cfglint often runs as
somebody who may read more than whoever wrote the tree, or than the server does."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable

_UNREAL = ("/proc/", "/sys/")
"""What lies there tells of processes, also of this one."""


class Scope:
    """What was named on the command line, and lies below; what the user trusts besides. Files elsewhere are read only
    if everybody may read them, or the server's group may, and never changed."""

    def __init__(self, paths: Iterable[str], trusted: Iterable[str] = ()) -> None:
        paths = list(paths)
        folders = set(map(_folder, paths))
        everything = {*folders, *map(_checkout, folders), *map(os.path.realpath, trusted)}
        self._folders = tuple(os.path.join(folder, "") for folder in everything)
        # Who runs cfglint as root on a server's own directory has it in the server's group. Anybody else's group says
        # nothing: it is that of all his files.
        self._groups = {os.stat(folder).st_gid for folder in folders if os.path.exists(folder)} - {0}
        if os.geteuid() != 0:
            self._groups.clear()
        # A named link stands for what it leads to, but not for what lies beside that.
        self._vouched = set(map(os.path.realpath, paths))

    def vouch(self, path: str) -> None:
        """Take a file in that lies elsewhere; not what it may be a link to."""
        self._vouched.add(os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path)))

    def holds(self, real: str) -> bool:
        """Does a file belong to what was named? `real` is its path without symbolic links."""
        return os.path.join(real, "").startswith(self._folders) or real in self._vouched

    def may_read(self, real: str) -> bool:
        """Does it belong there, or may others read it, too?"""
        return self.holds(real) or (not real.startswith(_UNREAL) and self._is_open(real))

    def _is_open(self, real: str) -> bool:
        """Neither the file (or directory) itself nor a directory above it is closed."""
        try:
            if not self._permits(os.stat(real), stat.S_IROTH, stat.S_IRGRP):
                return False
            while real != os.path.dirname(real):
                real = os.path.dirname(real)
                if not self._permits(os.stat(real), stat.S_IXOTH, stat.S_IXGRP):
                    return False
        except (OSError, ValueError):
            return True  # there is nothing to be read
        return True

    def _permits(self, status: os.stat_result, others: int, group: int) -> bool:
        return bool(status.st_mode & others or (status.st_mode & group and status.st_gid in self._groups))


def _folder(path: str) -> str:
    """The directory that a named path stands for: itself, or for a file the one that it lies in."""
    return os.path.realpath(path if os.path.isdir(path) else os.path.dirname(path))


def _checkout(folder: str) -> str:
    """The work tree of git around a directory, or the directory itself. /etc under version control is no work tree: its
    owner is root, and it is shared with much else; neither is a home directory."""
    above = folder
    while not os.path.lexists(os.path.join(above, ".git")):
        if above == os.path.dirname(above):
            return folder
        above = os.path.dirname(above)
    return above if os.stat(above).st_uid and above != os.path.realpath(os.path.expanduser("~")) else folder
