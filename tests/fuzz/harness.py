"""A harness for atheris, which looks for inputs that reach new code.

    python -m tests.fuzz.harness sip.conf -dict=tests/fuzz/asterisk.dict FOLDER tests/fuzz/corpus/sip.conf

The first argument is one of `NAMES`, or ``script`` for Kamailio's simulator; the rest is libFuzzer's. New inputs are
kept in FOLDER. atheris is no dependency: ``pip install atheris``.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["cfglint"]):
    from tests.fuzz import properties
    from tests.fuzz.mutate import COMPANIONS


def target(name: str, folder: Path) -> Callable[[bytes], None]:
    """What judges one input."""
    for companion, text in COMPANIONS.items():
        (folder / companion).write_text(text)

    def judge(data: bytes) -> None:
        properties.hold(folder, name, data[1:], data[0] if data else 0)

    def run(data: bytes) -> None:
        path = folder / "kamailio.cfg"
        path.write_bytes(HEAD + data[1:] + b"\n}\n")
        properties.traced(path, properties.VERSIONS[3], data[0] if data else 0)

    return run if name == "script" else judge


HEAD = (
    b"".join(b'loadmodule "%s.so"\n' % name for name in (b"pv", b"sl", b"tm", b"textops", b"htable"))
    + b"request_route {\n"
)


def main() -> None:
    """Run libFuzzer; it ends the process."""
    name, *options = sys.argv[1:]
    if name not in (*properties.NAMES, "script"):
        sys.exit(f"what shall the input be? one of {', '.join(properties.NAMES)}, script")
    with tempfile.TemporaryDirectory() as folder:
        atheris.Setup([sys.argv[0], *options], target(name, Path(folder)))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
