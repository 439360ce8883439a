"""Starts the process that renders templates, and makes of its answers texts that know where they come from."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import Any

from cfglint.errors import UsageProblem
from cfglint.namedtuples import NamedTuple
from cfglint.source import Source
from cfglint.templating.mapping import Rendered, unmarked
from cfglint.templating.sampling import Sampler

_START = "import sys; sys.path[:] = sys.argv[1:]; from cfglint.templating.worker import main; main()"

MAX_MEMORY = 1024**3
"""Bytes for the process that renders."""

MAX_SECONDS = 10
"""Of its time on the processor."""

MISSING = "is a template, and reading it takes Jinja2: pip install 'sip-cfglint[templates]'"


class Fault(NamedTuple):
    """Why a template does not render."""

    path: str
    line: int
    reason: str
    assumed: bool
    """Only under an assumption, or with a value that nobody knows."""
    is_syntax: bool = False
    """Is it no template at all?"""


class Rendering(NamedTuple):
    """One way in which templates can come out."""

    made: dict[str, Rendered]
    """Path of a template to what it becomes."""
    faults: list[Fault]


def has_jinja() -> bool:
    """Is Jinja2 installed?"""
    return find_spec("jinja2") is not None


def renderings(templates: Mapping[str, Source], variables: Mapping[str, Any]) -> Iterator[Rendering]:
    """The ways in which templates (path to text) can come out, as far as the variables leave it open. Raises
    `UsageProblem` without Jinja2."""
    if not has_jinja():
        raise UsageProblem(f"{next(iter(templates.values())).path}: {MISSING}")
    # Line ends are Jinja2's own from here on: it makes "\n" of them all.
    texts = {path: source.text.replace("\r\n", "\n") for path, source in templates.items()}
    asked = json.dumps({"files": texts, "variables": variables, "seconds": MAX_SECONDS, "memory": MAX_MEMORY})
    numbered = list(templates)
    marked: dict[str, str] = {}
    faults: list[Fault] = []
    count = 0
    for answer in _answers(asked):
        if "text" in answer:
            marked[answer["path"]] = answer["text"]
        elif "error" in answer:
            faults.append(Fault(answer["at"], answer["line"], answer["error"], answer["assumed"], answer["syntax"]))
        else:
            pinned = {int(number): value for number, value in answer["pinned"].items()}
            sampler = Sampler(answer["labels"], pinned, count)
            yield Rendering({path: unmarked(text, numbered, texts, sampler) for path, text in marked.items()}, faults)
            marked, faults, count = {}, [], count + 1
    if marked or faults or not count:  # the process was ended in the middle of it
        path = next((path for path in numbered if path not in marked), numbered[0])
        reason = f"takes more than {MAX_SECONDS} seconds or {MAX_MEMORY // 1024**2} MiB to render"
        yield Rendering({}, [*faults, Fault(path, 1, reason, assumed=False)])


def _answers(asked: str) -> Iterator[dict[str, Any]]:
    """What the process says, until it ends or is ended."""
    # Apart from the modules of this process nothing may be found, least of all in the current directory.
    command = [sys.executable, "-I", "-c", _START, *(path for path in sys.path if path)]
    with subprocess.Popen(  # noqa: S603 - Python itself
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(asked)
            process.stdin.close()
            for line in process.stdout:
                if not line.endswith("\n"):
                    return
                yield json.loads(line)
        except BrokenPipeError:
            return
        finally:
            process.kill()
