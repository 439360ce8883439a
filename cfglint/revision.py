"""A tree of configuration as it was at a revision of git.

Git is asked for names and contents only: no file is checked out, and hooks, filters, monitors and helpers that a
repository may name are never run.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from hashlib import sha1, sha256

from cfglint.errors import UsageProblem
from cfglint.files import MAX_BYTES, Files, read_bytes
from cfglint.namedtuples import NamedTuple
from cfglint.scope import Scope
from cfglint.source import decode

TIMEOUT = 120
"""Seconds for one answer of git."""

_SWITCHES = (
    "--no-pager",
    "--literal-pathspecs",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.fsmonitor=false",
    "-c", "core.untrackedCache=false",
    "-c", "safe.bareRepository=explicit",  # a repository that is part of the tree is nobody's to configure git
    "-c", "protocol.allow=never",  # nothing is fetched that a partial clone lacks
)  # fmt: skip

_OWN = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_ALLOW_PROTOCOL",
)
"""Variables that hooks of git are started with, and that would lead to another repository than the files' own."""


def files_at(revision: str, roots: Iterable[str], read: Iterable[str], scope: Scope | None = None) -> Files:
    """The files of trees as they were at a revision, given their roots and all that is `read` now, within a scope.

    A file that git neither knew then nor ignores now came in since, and is not there. Raises `UsageProblem`.
    """
    folders: dict[str, list[str]] = {}
    for folder in sorted({os.path.realpath(os.path.dirname(root)) for root in roots}):
        folders.setdefault(_checkout(folder), []).append(folder)
    overlays: dict[str, str] = {}
    hidden: list[str] = []
    named = {os.path.realpath(path) for path in read}
    for top, inside in folders.items():
        texts, absent = Revision(top, revision).changes(inside, named)
        overlays |= texts
        hidden += absent
    return Files(overlays, hidden, scope)


def _checkout(folder: str) -> str:
    """The nearest directory above that looks like a repository's top, else the folder itself; git has the last word."""
    above = folder
    while not os.path.lexists(os.path.join(above, ".git")):
        above, below = os.path.dirname(above), above
        if above == below:
            return folder
    return above


class Blob(NamedTuple):
    """A file at the revision."""

    name: str
    size: int


class Revision:
    """A revision of the repository that a directory lies in. Raises `UsageProblem` where there is none."""

    def __init__(self, directory: str, name: str) -> None:
        self.name = name
        self.top = directory  # where git is started; from the repository's top on, as soon as that is known
        self.top = os.fsdecode(self._git("rev-parse", "--show-toplevel").rstrip(b"\n"))
        self._tree = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{tree}}").strip()

    def changes(self, folders: list[str], named: set[str]) -> tuple[dict[str, str], list[str]]:
        """Path to text of the files that were otherwise, and the paths of those that were not there. Looked at is what
        lies below some folders and what is named, besides all that is gone by now."""
        old = self._blobs()
        wanted = {}
        for path, blob in old.items():
            near = path in named or any(path.startswith(os.path.join(folder, "")) for folder in folders)
            if (near or not os.path.lexists(path)) and blob.size <= MAX_BYTES and self._differs(path, blob):
                wanted[path] = blob
        texts = dict(zip(wanted, self._texts(wanted.values()), strict=True))
        scope = [path for path in (*folders, *sorted(named)) if self._inside(path)]
        return texts, [path for path in self._present(scope) if path not in old]

    def _inside(self, path: str) -> bool:
        return path == self.top or path.startswith(os.path.join(self.top, ""))

    def _blobs(self) -> dict[str, Blob]:
        """Path to what the revision holds there; links and repositories within are left as they are now."""
        found = {}
        listing = self._git("ls-tree", "-r", "-z", "-l", "--full-tree", self._tree.decode())
        for line in listing.split(b"\0")[:-1]:
            facts, _, path = line.partition(b"\t")
            mode, _, name, size = facts.split()
            if mode.startswith(b"100"):
                found[os.path.join(self.top, os.fsdecode(path))] = Blob(name.decode(), int(size))
        return found

    def _differs(self, path: str, blob: Blob) -> bool:
        try:
            if os.path.islink(path) or os.path.getsize(path) != blob.size:
                return True
            data = read_bytes(path, path)
        except OSError:
            return True
        digest = (sha1 if len(blob.name) == 40 else sha256)(b"blob %d\0" % len(data), usedforsecurity=False)
        digest.update(data)
        return digest.hexdigest() != blob.name

    def _texts(self, blobs: Iterable[Blob]) -> Iterator[str]:
        names = [blob.name for blob in blobs]
        answer = self._git("cat-file", "--batch", stdin="".join(f"{name}\n" for name in names).encode())
        at = 0
        for _ in names:
            head, _, _ = answer[at : at + 200].partition(b"\n")
            start = at + len(head) + 1
            at = start + int(head.split()[2]) + 1
            yield decode(answer[start : at - 1])

    def _present(self, paths: list[str]) -> list[str]:
        """The files that git knows or would add now."""
        if not paths:
            return []
        listing = self._git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *paths)
        return [os.path.join(self.top, os.fsdecode(name)) for name in listing.split(b"\0")[:-1]]

    def _git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        environment = {name: value for name, value in os.environ.items() if name not in _OWN}
        environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        try:
            done = subprocess.run(  # noqa: S603 - arguments of our own, no shell
                ["git", *_SWITCHES, "-C", self.top, *arguments],  # noqa: S607 - the user's git
                input=stdin,
                capture_output=True,
                env=environment,
                timeout=TIMEOUT,
                check=False,
            )
        except FileNotFoundError as error:
            raise UsageProblem("--diff-base needs git, which is not installed") from error
        except subprocess.TimeoutExpired as error:
            raise UsageProblem(f"--diff-base {self.name}: git did not answer within {TIMEOUT} seconds") from error
        if done.returncode:
            raise UsageProblem(f"--diff-base {self.name}: {_complaint(done.stderr)}")
        return done.stdout


def _complaint(stderr: bytes) -> str:
    text = stderr.decode("utf-8", "replace").strip().partition("\n")[0].removeprefix("fatal: ")
    return text or "git knows no such revision; in a shallow clone it has to be fetched first"
