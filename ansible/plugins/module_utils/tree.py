"""Reads a tree of configuration on the target, for whatever Python Ansible finds there (3.6 and newer)."""

import base64
import glob
import io
import os
import re
import stat
import tarfile

MAX_FILE = 64 * 1024 * 1024
MAX_TOTAL = 256 * 1024 * 1024
MAX_FILES = 50000

CONFIGURATION = (".conf", ".cfg", ".inc", ".yaml")
"""Endings of files that are taken whatever they hold; others only as far as they look like text."""

LEFT_OUT = (".pem", ".key", ".crt", ".csr", ".der", ".p12", ".pfx", ".jks")
"""Endings of keys and certificates: no server reads them as configuration, and they are nobody's business."""

MENTION = re.compile(
    rb"^[ \t]*#[ \t]*(?:try)?include[ \t]+[\"'<]?([^\"'>;\n]+)|(?:include|import)_file\s*\"([^\"\n]+)\"",
    re.IGNORECASE | re.MULTILINE,
)
"""What Asterisk's and Kamailio's include directives name."""


DEFAULT_PATHS = ("/etc/asterisk", "/etc/kamailio")
"""Read when no path is named, as far as they exist."""


class Unreadable(Exception):
    """Something that keeps the tree from being read, in one line."""


class Tree:
    """The files below some directories, and whatever they include from elsewhere."""

    def __init__(self, paths):
        self.files = {}
        self.links = {}
        self.folders = set()
        self._total = 0
        self._tops = []
        paths = paths or [path for path in DEFAULT_PATHS if os.path.isdir(path)]
        if not paths:
            raise Unreadable("there is no /etc/asterisk and no /etc/kamailio here; name the directory in 'paths'")
        for path in paths:
            path = os.path.abspath(path)
            if not os.path.exists(path):
                raise Unreadable(f"{path}: there is no such file; check the path")
            if not os.path.isdir(path):
                path = os.path.dirname(path)
            self._tops.append(path)
            self._take(path)
        self._follow_includes()

    def overlay(self, tree_file, other_file):
        """Put one file's content in place of another's."""
        self._read(os.path.abspath(other_file), os.path.abspath(tree_file))

    def packed(self):
        """All of it as a gzipped tar archive in base64."""
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w:gz") as archive:
            for path in sorted(self.folders | {"/"}):
                archive.addfile(_member(path, tarfile.DIRTYPE))
            for path in sorted(self.links):
                member = _member(path, tarfile.SYMTYPE)
                member.linkname = self.links[path]
                archive.addfile(member)
            for path in sorted(self.files):
                member = _member(path, tarfile.REGTYPE)
                member.size = len(self.files[path])
                archive.addfile(member, io.BytesIO(self.files[path]))
        return base64.b64encode(stream.getvalue()).decode("ascii")

    def _take(self, path):
        """Take a file, or a directory with all below it; of a symbolic link both ends."""
        waiting = [path]
        while waiting:
            path = waiting.pop()
            if path in self.files or path in self.links or path in self.folders:
                continue
            if os.path.islink(path):
                self.links[path] = os.readlink(path)
                waiting.append(os.path.join(os.path.dirname(path), self.links[path]))
            elif os.path.isdir(path):
                self.folders.add(path)
                waiting += [os.path.join(path, name) for name in self._names(path)]
            elif os.path.isfile(path) and self._may_take(path):
                self._read(path)

    def _may_take(self, path):
        """Is it below what was named, or for others to read, too? The task may run as root, and whoever wrote the tree
        include what only root may read."""
        real = os.path.realpath(path)
        tops = [os.path.realpath(top) for top in self._tops]
        if any(real.startswith(os.path.join(top, "")) for top in tops):
            return True
        status = os.stat(real)
        groups = {os.stat(top).st_gid for top in tops} - {0}
        return bool(status.st_mode & stat.S_IROTH or (status.st_mode & stat.S_IRGRP and status.st_gid in groups))

    def _names(self, folder):
        try:
            names = os.listdir(folder)
        except OSError as error:
            raise Unreadable(f"{folder}: cannot be read: {error.strerror}; use 'become'") from error
        return [n for n in names if n == ".cfglint.yaml" or not (n.startswith(".") or n.lower().endswith(LEFT_OUT))]

    def _read(self, path, name=None):
        configuration = name is not None or path.lower().endswith(CONFIGURATION)
        try:
            with open(path, "rb") as stream:
                begin = stream.read(8192)
                if not configuration and (b"\0" in begin or begin.startswith(b"-----BEGIN")):
                    return
                content = begin + stream.read(MAX_FILE + 1)
        except OSError as error:
            if configuration:
                raise Unreadable(f"{path}: cannot be read: {error.strerror}; use 'become'") from error
            return
        self._total += len(content)
        if len(content) > MAX_FILE or self._total > MAX_TOTAL or len(self.files) >= MAX_FILES:
            raise Unreadable(f"{path}: more than cfglint reads; name only the directory of the configuration")
        self.files[name or path] = content

    def _follow_includes(self):
        done = set()
        while True:
            fresh = [path for path in self.files if path not in done]
            if not fresh:
                return
            for path in fresh:
                done.add(path)
                for match in MENTION.finditer(self.files[path]):
                    name = os.fsdecode(match.group(1) or match.group(2)).strip()
                    for folder in [os.path.dirname(path), *self._tops]:
                        for found in glob.glob(os.path.join(folder, name)):
                            if os.path.isfile(found):
                                self._take(os.path.abspath(found))


def _member(path, kind):
    member = tarfile.TarInfo(path.lstrip("/") or ".")
    member.type = kind
    return member
