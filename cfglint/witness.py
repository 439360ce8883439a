"""What was asked of the files of a run, and what the answers were: the same answers make the same run."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b

from cfglint.errors import UnreadableInput
from cfglint.files import Files, Identity
from cfglint.source import Source, encode

Told = bool | str
"""An answer, or the digest of a long one."""

QUESTIONS = (
    "read",
    "is_regular",
    "leads_to_directory",
    "is_directory",
    "require_directory",
    "exists",
    "names",
    "may_read",
    "real",
    "identity",
    "shown",
)
"""The methods whose answers are kept."""


class Witness(Files):
    """Hands every question on to other files and keeps the answer. See `Files` for the methods.

    `base`: these are the files of another witness with other texts in some. What is asked here is asked there, too: the
    answer follows from its.
    """

    def __init__(self, files: Files, base: Witness | None = None) -> None:
        self._files = files
        self._base = base
        self.scope = files.scope
        self.asked: dict[tuple[str, str], Told] = {}
        """Method and path to what was answered, in the order of asking."""
        self.read_so_far: dict[Source, int] = {}
        """The files that were read, numbered."""

    @property
    def sources(self) -> list[Source]:
        """The files that were read."""
        return list(self.read_so_far)

    def ask(self, method: str, path: str) -> Told:
        """What is answered now to a question."""
        if (method, path) not in self.asked:
            with suppress(UnreadableInput):  # which is an answer, too
                getattr(self, method)(path)
        return self.asked[method, path]

    def _keep(self, method: str, path: str, answer: Told) -> None:
        self.asked[method, path] = answer
        if self._base is not None:
            self._base.ask(method, path)

    def read(self, path: str) -> Source:
        """See `Files`."""
        try:
            source = self._files.read(path)
        except UnreadableInput as error:
            self._keep("read", path, f"! {error}")
            raise
        if ("read", path) not in self.asked:
            number = self.read_so_far.setdefault(source, len(self.read_so_far))
            digest = blake2b(encode(source.text), digest_size=20).hexdigest()
            self._keep("read", path, f"{digest} {number} {source.foreign} {source.path}")
        return source

    def is_regular(self, path: str) -> bool:
        """See `Files`."""
        answer = self._files.is_regular(path)
        self._keep("is_regular", path, answer)
        return answer

    def leads_to_directory(self, path: str) -> bool:
        """See `Files`."""
        answer = self._files.leads_to_directory(path)
        self._keep("leads_to_directory", path, answer)
        return answer

    def is_directory(self, path: str) -> bool:
        """See `Files`."""
        answer = self._files.is_directory(path)
        self._keep("is_directory", path, answer)
        return answer

    def require_directory(self, path: str) -> None:
        """See `Files`."""
        try:
            self._files.require_directory(path)
        except UnreadableInput as error:
            self._keep("require_directory", path, f"! {error}")
            raise
        self._keep("require_directory", path, True)

    def exists(self, path: str) -> bool:
        """See `Files`."""
        answer = self._files.exists(path)
        self._keep("exists", path, answer)
        return answer

    def names(self, folder: str) -> list[str]:
        """See `Files`."""
        found = self._files.names(folder)
        self._keep("names", folder, blake2b(encode("/".join(sorted(found))), digest_size=20).hexdigest())
        return found

    def may_read(self, path: str) -> bool:
        """See `Files`."""
        answer = self._files.may_read(path)
        self._keep("may_read", path, answer)
        return answer

    def real(self, path: str) -> str:
        """See `Files`."""
        answer = self._files.real(path)
        self._keep("real", path, answer)
        return answer

    def identity(self, path: str) -> Identity:
        """See `Files`."""
        answer = self._files.identity(path)
        self._keep("identity", path, str(answer))
        return answer

    def shown(self, path: str) -> str:
        """See `Files`."""
        answer = self._files.shown(path)
        self._keep("shown", path, answer)
        return answer

    def vouch(self, path: str) -> None:
        """See `Files`."""
        self._files.vouch(path)

    def apart(self) -> Files:
        """See `Files`."""
        return Witness(self._files.apart(), self)

    def changed(self, texts: Mapping[str, str]) -> Files:
        """See `Files`."""
        return Witness(self._files.changed(texts), self)
