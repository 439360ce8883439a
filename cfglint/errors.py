"""Every exception that a user can see, with its message and exit code."""

from __future__ import annotations


class CfglintError(Exception):
    """Something that keeps cfglint from doing its work: one line that says what and what to do about it."""

    exit_code = 2


class UnreadableInput(CfglintError):
    """A file that was named, or that the configuration cannot do without, cannot be read."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class NoInput(CfglintError):
    """Nothing to look at: no argument, or a directory without configuration."""


class UsageProblem(CfglintError):
    """An argument that does not fit."""


class SettingsProblem(CfglintError):
    """A settings file that cannot be used; names its path, line and what was expected."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")


class UnwritableOutput(CfglintError):
    """A file that should be written and cannot be."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}; nothing was changed")


class ClosedOutput(CfglintError):
    """Standard output takes nothing; a part may be written already."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"standard output: cannot be written: {reason}")


class HalfWritten(CfglintError):
    """Writing failed, and so did giving files their old content back."""

    def __init__(self, paths: list[str], backups: list[str]) -> None:
        kept = f"; their old content is in {', '.join(backups)}" if backups else ""
        super().__init__(f"{', '.join(paths)}: cannot be written, and could not be restored{kept}")


class FixLoop(CfglintError):
    """Fixes that undo each other."""

    def __init__(self, checks: list[str]) -> None:
        super().__init__(f"the fixes of {', '.join(checks)} do not come to rest; please report this as a bug")
