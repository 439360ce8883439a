"""An #include names a file that is not there, or that includes itself.

Why it matters: unlike a missing #tryinclude, it makes main/config.c:process_text_line give up: the server rejects the
whole configuration. No peer, no endpoint and no transport exists then; on a reload the old configuration stays. In an
included file the reading of that file ends there. A pattern without any match counts as missing, and so does an
eleventh level of includes. Relative names start at the configuration directory, not at the including file. A file that
exists but cannot be read here is a warning: what it holds is unknown to cfglint, and the server fails on it as well if
its user may not read it.

Client sees: any request -> no answer

Log:
    The file '...' was listed as a #include but it does not exist.
    Contents of ... are invalid and cannot be parsed

Verdict: spurious, for every phone there is.

Does not help: anything that is changed in the phone; a reload: the old configuration stays, and the next restart shows
it.

Fix: create the file, correct its name, or write #tryinclude where it may be missing.
"""

import os
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete, replace
from cfglint.findings import Defect
from cfglint.resolve.asterisk import ABORTS, NOT_FOUND, TOO_DEEP, UNREADABLE, Config, Problem
from cfglint.resolve.asterisk.loading import CONFIG_DIRECTORY
from cfglint.source import Place, Span

from ._loading import stopping

EXAMPLES = [
    Example(
        bad="[general]\nallowguest=no\n#include «sip.d/*.conf»\n",
        good="[general]\nallowguest=no\n#tryinclude sip.d/*.conf\n",
        fixed="[general]\nallowguest=no\n#tryinclude sip.d/*.conf\n",
    ),
    Example(
        bad={"sip.conf": '[general]\n#include "«phones.conf»"\n[1001]\ntype=friend\n'},
        good={"sip.conf": '[general]\n#include "phones.conf"\n[1001]\ntype=friend\n', "phones.conf": "; none yet\n"},
        fixed={"sip.conf": '[general]\n#tryinclude "phones.conf"\n[1001]\ntype=friend\n'},
    ),
    Example(
        bad={
            "sip.conf": "[general]\n#include users.d/all.conf\n",
            "users.d/all.conf": "#include «more.conf»\n[1001]\ntype=friend\n",
            "users.d/more.conf": "[1002]\ntype=friend\n",
        },
        good={
            "sip.conf": "[general]\n#include users.d/all.conf\n",
            "users.d/all.conf": "#include users.d/more.conf\n[1001]\ntype=friend\n",
            "users.d/more.conf": "[1002]\ntype=friend\n",
        },
        fixed={
            "sip.conf": "[general]\n#include users.d/all.conf\n",
            "users.d/all.conf": "#tryinclude more.conf\n[1001]\ntype=friend\n",
            "users.d/more.conf": "[1002]\ntype=friend\n",
        },
    ),
    Example(
        bad={"sip.conf": '[general]\n#include «"phones.conf»\n', "phones.conf": "[1001]\ntype=friend\n"},
        good={"sip.conf": '[general]\n#include "phones.conf"\n', "phones.conf": "[1001]\ntype=friend\n"},
        fixed={"sip.conf": "[general]\n#include phones.conf\n", "phones.conf": "[1001]\ntype=friend\n"},
    ),
    Example(
        bad={"sip.conf": "[general]\n#include phones.conf\n", "phones.conf": "[1001]\n#include «phones.conf»\n"},
        good={"sip.conf": "[general]\n#include phones.conf\n", "phones.conf": "[1001]\n"},
    ),
]


def find(config: Config) -> Iterator[Defect]:
    seen = set()
    # A file that is read several times may fail in several ways: the worst is told.
    for problem in sorted(config.problems, key=lambda p: p.effect != ABORTS):
        if problem.kind not in (NOT_FOUND, TOO_DEEP, UNREADABLE) or problem.place in seen:
            continue
        seen.add(problem.place)
        if problem.kind == TOO_DEEP:
            text = f"includes nest more than ten deep here (does '{problem.detail}' lead back to this file?)"
            yield stopping(config, problem, text)
        elif problem.kind == UNREADABLE:
            text = f"this include {problem.detail}; what it holds is unknown here, and the server needs to read it"
            yield Defect(problem.place, text, level="warning", category="load")
        elif problem.kind == NOT_FOUND and _elsewhere(config, problem):
            text = f"this machine has no '{problem.detail}'; if the server has none either, it rejects the whole file"
            yield Defect(problem.place, text, level="warning", category="load")
        elif problem.kind == NOT_FOUND:
            yield stopping(config, problem, _missing(config, problem), (), problem)


def _elsewhere(config: Config, problem: Problem) -> bool:
    """An absolute path, looked up away from the server's own directory: it may well exist there."""
    name, here = problem.detail, os.path.abspath(config.path)
    return name.startswith("/") and not any(p.startswith(CONFIG_DIRECTORY + "/") for p in (name, here))


def _missing(config: Config, problem: Problem) -> str:
    name, (source, _) = problem.detail, problem.place
    if _stray_quote(name):
        return f"the quotes around {name} are not a pair and count as part of the name, which no file has"
    if name.startswith("="):
        return f"an include takes no equals sign: there is no file '{name}'"
    if any(c in name for c in "*?[{"):
        return f"no file matches '{name}'"
    if " #" in name or " //" in name:
        return f"only a semicolon starts a comment: there is no file '{name}'"
    if name.endswith("/"):
        return f"'{name}' is no file (a directory needs a pattern: {name}*.conf)"
    if os.path.dirname(source.path) != os.path.dirname(config.root.path) and not name.startswith("/"):
        return f"there is no file '{name}' (names start at the directory of {os.path.basename(config.path)})"
    return f"there is no file '{name}'"


def _stray_quote(name: str) -> bool:
    return (name[0] in '"<' or name[-1] in '">') and " " not in name


def fix(problem: Problem) -> Fix | None:
    name, (source, span) = problem.detail, problem.place
    if _stray_quote(name):
        edges = [i for i, c in enumerate(name) if c in '"<>']
        return Fix(
            "take the odd quote away",
            tuple(delete(Place(source, Span(span.start + i, span.start + i + 1))) for i in edges),
        )
    word = Span(source.text.rfind("#", 0, span.start), source.text.rfind("#", 0, span.start) + len("#include"))
    if name.startswith("=") or name.endswith("/") or Place(source, word).text.lower() != "#include":
        return None
    return Fix("let the file be missing", (replace(Place(source, word), "#tryinclude"),))


CHECK = Check(find, level="error", category="syntax", fix=fix)
