"""The command's entry point."""

from __future__ import annotations

import gc
import os
import sys
from types import TracebackType
from typing import NoReturn


def main() -> None:
    """Run the command line; the exit code is 0, 1 (findings) or 2 (could not do its work)."""
    # A run builds large trees of small objects that all live until its end: collecting garbage only costs.
    gc.disable()
    sys.excepthook = _report_crash
    _open_closed()
    from cfglint.cli import cli

    try:
        cli(prog_name="cfglint")
    except SystemExit as ending:
        _leave(ending)
    except OSError as error:
        if error.filename is not None or error.strerror is None:
            raise
        _say_unwritable(error)


def _open_closed() -> None:
    """Where standard output or error is closed nobody wants to read; a file that is opened must not take its place."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - as long as the process lasts


def _say_unwritable(error: OSError) -> NoReturn:
    """The disk is full, or whatever else keeps what was said from being written. What is left in the buffers would be
    tried again at an orderly end."""
    _fail(f"standard output: cannot be written: {error.strerror}")


def _fail(reason: str) -> NoReturn:
    """Exit code 2, also where nobody can be told why."""
    try:
        sys.stderr.write(f"cfglint: {reason}\n")
        sys.stderr.flush()
    except OSError:
        pass
    os._exit(2)


def _leave(ending: SystemExit) -> NoReturn:
    """End the process at once: taking ten thousand sections apart object by object would take an eighth of the run."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        raise ending from None  # Python stays quiet about a reader who has seen enough
    except OSError as error:
        _say_unwritable(error)
    if not isinstance(ending.code, int | None):
        raise ending
    os._exit(ending.code or 0)


def _report_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A mistake of ours in one line, and exit code 2: Python's own 1 would say that there are findings."""
    at = "nowhere"
    while trace is not None:
        at = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}, line {trace.tb_lineno}"
        trace = trace.tb_next
    _fail(f"internal error: {kind.__name__} in {at}; please report this as a bug")


if __name__ == "__main__":
    main()
