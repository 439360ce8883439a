"""What must hold for any bytes whatever: the commands end in time with a documented exit code and say what they say in
the documented form, nothing crashes, and every file prints back byte for byte."""

from __future__ import annotations

import io
import json
import resource
import signal
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import NamedTuple, NoReturn

from click import Context

from cfglint.cli import cli
from cfglint.cli.check import command as check
from cfglint.errors import CfglintError
from cfglint.files import Files
from cfglint.knowledge.versions import parse_targets
from cfglint.resolve.asterisk import loading
from cfglint.resolve.kamailio import config as kamailio

NAMES = ("sip.conf", "pjsip.conf", "kamailio.cfg")
"""What the bytes may be the content of."""

SECONDS = 2
"""No command takes longer for a file under 1 MB; time of this process, so that others on the machine do not count."""

ROUNDS = 4
"""``fix`` judges the tree again for every round of fixes, and for who gets in: so many times as long may it take."""

MEGABYTES = 1024
"""So much address space a process that judges has; an honest run over 1 MB needs less than a fifth of it."""

OURS = "please report this as a bug"

FORMATS = ("text", "concise", "sarif", "junit", "github", "gitlab", "checkstyle")

VERSIONS = (
    (),
    ("--target", "asterisk=16.30", "--target", "kamailio=5.4"),
    ("--target", "asterisk=20.20", "--target", "kamailio=5.6"),
    ("--target", "asterisk=23", "--target", "kamailio=6.1"),
)

REQUESTS = (
    ("--register", "1001@pbx.example"),
    ("--register", "alice@192.0.2.10", "--auth-user", "bob", "--password", "x", "--transport", "tcp"),
    ("--invite", "1001@pbx.example", "2000@pbx.example", "--source", "198.51.100.7:5060"),
    ("--invite", "sip:+15551234@carrier.example", "sip:1001@192.0.2.10", "--destination", "192.0.2.10"),
)


UNSAFE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Categories of characters that a terminal carries out, does not show, or breaks a line at."""


WRITTEN = io.BytesIO()
OUTPUT, ERRORS = io.TextIOWrapper(WRITTEN, "utf-8", "surrogateescape"), io.StringIO()
"""Where every command writes to: click keeps each stream that it has ever seen, and all that is in it."""


class Broken(AssertionError):
    """A property that does not hold: which one, and how."""


class TooSlow(BaseException):
    """A command that took too long; no `Exception`, so that nothing of what is judged takes it for its own."""


class Run(NamedTuple):
    """What a command did."""

    code: int
    output: str
    errors: str


def hold(folder: Path, name: str, data: bytes, variant: int = 0) -> None:
    """Everything that must hold for one file of some content. `variant` picks among versions, formats, requests, and
    safe or unsafe fixes; 1,680 in sequence pick each combination.

    Raises `Broken`, or what a crash raised.
    """
    path = folder / name
    path.write_bytes(data)
    target = VERSIONS[variant % len(VERSIONS)]
    report = judged(path, target)
    printed_back(path, target)
    form = FORMATS[variant % len(FORMATS)]
    shown = run("check", str(path), "--no-config", "-f", form, *target)
    expect(shown.code == report.code, f"{form} ends with {shown.code}, json with {report.code}")
    no_raw_controls(shown)
    if variant % 3 and report.code != 2:
        traced(path, target, variant // len(VERSIONS))
        seen(path, target)
    if '"fix": {' in report.output:
        mended(path, target, unsafe=variant % 5 > 1)


def judged_quickly(folder: Path, name: str, data: bytes, variant: int = 0) -> None:
    """The most important of it."""
    path = folder / name
    path.write_bytes(data)
    target = VERSIONS[variant % len(VERSIONS)]
    judged(path, target)
    printed_back(path, target)


def judged(path: Path, target: tuple[str, ...]) -> Run:
    """``check`` says in JSON what it says with its exit code."""
    found = run("check", str(path), "--no-config", "-f", "json", *target)
    expect(OURS not in found.output + found.errors, f"our own mistake: {found.errors}")
    if not found.output:
        expect(found.code == 2 and found.errors.startswith("cfglint: "), f"nothing is said: {found}")
        return found
    said = json.loads(found.output)
    counts = any(finding["level"] != "info" for finding in said["findings"])
    documented = 2 if said["failures"] else int(counts)
    expect(found.code == documented, f"exit code {found.code} where {documented} is documented")
    return found


def printed_back(path: Path, target: tuple[str, ...]) -> None:
    """The pieces of each file, put together, are the file."""
    if path.suffix == ".cfg":
        version = parse_targets(target[1::2]).kamailio
        config = kamailio.load(str(path), Files(), (version[0], version[1]) if version else None)
        for home in config.homes:
            text = "".join(home.source.text[piece.start : piece.end] for piece in config.pieces(home))
            expect(text == home.source.text, "the pieces are not the file")
        return
    for source, file in loading.load(str(path), Files()).trees.items():
        at = file.nodes[0].start if file.nodes else 0
        expect(source.text[:at] in ("", "\ufeff"), "something is left out at the beginning")
        for node in file.nodes:
            expect(node.start == at, f"a gap or an overlap at {at}")
            at = node.end
        expect(at == len(source.text) or not file.nodes, "something is left out at the end")


def no_raw_controls(shown: Run) -> None:
    """Nothing that a terminal would carry out."""
    odd = {character for character in set(shown.output + shown.errors) if unicodedata.category(character) in UNSAFE}
    expect(odd <= {"\n", "\t"}, f"raw control characters {sorted(odd)}")


def traced(path: Path, target: tuple[str, ...], variant: int) -> None:
    """``trace`` answers, or says why not."""
    found = run("trace", str(path), "--no-config", "-f", "json", *target, *REQUESTS[variant % len(REQUESTS)])
    expect(found.code in (0, 2), f"trace ends with {found.code}")
    expect(OURS not in found.errors, found.errors)
    if found.code == 0:
        json.loads(found.output)


def seen(path: Path, target: tuple[str, ...]) -> None:
    """``show`` shows, or says why not."""
    found = run("show", str(path), "--no-config", "-f", "json", *target)
    expect(found.code in (0, 2), f"show ends with {found.code}")
    if found.output:
        json.loads(found.output)


def mended(path: Path, target: tuple[str, ...], unsafe: bool) -> None:
    """``fix`` comes to rest, and what it leaves can be judged and has nothing more to mend."""
    before = contents(path.parent)
    options = ("--unsafe",) if unsafe else ()
    patch = run("fix", str(path), "--no-config", *options, *target)
    expect(patch.code in (0, 1, 2), f"fix ends with {patch.code}")
    expect(OURS not in patch.errors, patch.errors)
    expect(contents(path.parent) == before, "fix changed a file without being asked to")
    written = run("fix", str(path), "--no-config", "--write", *options, *target)
    expect(OURS not in written.errors, written.errors)
    changed = contents(path.parent) != before
    expect(changed == bool(patch.output), "the patch and what is written are not the same")
    if changed:
        judged(path, target)
        again = run("fix", str(path), "--no-config", *options, *target)
        expect(not again.output, f"fixing again changes something: {again.output}")
        for file, data in before.items():
            file.write_bytes(data)


def contents(folder: Path) -> dict[Path, bytes]:
    """The files of a folder."""
    return {path: path.read_bytes() for path in folder.iterdir()}


def expect(holds: bool, otherwise: str) -> None:
    """Raises `Broken`."""
    if not holds:
        raise Broken(otherwise)


def run(*arguments: str) -> Run:
    """A command in this process, with a bound on its time."""
    for stream in (OUTPUT, ERRORS):
        stream.seek(0)
        stream.truncate()
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = OUTPUT, ERRORS
    code: object = 0
    try:
        with time_limit(SECONDS * (ROUNDS if arguments[0] == "fix" else 1)):
            if arguments[0] == "check":
                checked(arguments[1:])
            cli(arguments, prog_name="cfglint")
    except SystemExit as ending:
        code = ending.code or 0
    except TooSlow:
        raise Broken(f"{arguments[0]} takes too long") from None
    finally:
        sys.stdout, sys.stderr = streams
    OUTPUT.flush()
    if code not in (0, 1, 2):
        raise Broken(f"exit code {code!r}")
    return Run(int(str(code)), WRITTEN.getvalue().decode("utf-8", "surrogateescape"), ERRORS.getvalue())


def checked(arguments: tuple[str, ...]) -> None:
    """``cfglint check`` without `cli` around it, which takes longer to start than a small file to judge."""
    with suppress(CfglintError), taken_apart(arguments) as context:  # what is in `cli` to say will be said there
        check.invoke(context)


@lru_cache(maxsize=100)
def taken_apart(arguments: tuple[str, ...]) -> Context:
    """The arguments of ``check``: many inputs have the same."""
    return check.make_context("check", list(arguments))


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises `TooSlow` where the block uses more of the processor."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def bound_memory(megabytes: int = MEGABYTES) -> None:
    """From here on this process cannot take more than so much address space."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
