"""The command's entry point."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line; the exit code is 0, 1 (findings) or 2 (could not do its work)."""
    # A run builds large trees of small objects that all live until its end: collecting garbage only costs.
    gc.disable()
    from cfglint.cli import cli

    sys.exit(cli(prog_name="cfglint"))


if __name__ == "__main__":
    main()
