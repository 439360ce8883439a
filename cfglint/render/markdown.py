"""What a check is about, as Markdown: a page of the site, and what code scanning shows of a rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import unified_diff

from cfglint import demonstration
from cfglint.check import Example
from cfglint.documentation import Documentation, Symptom, parse
from cfglint.registry import Registered
from cfglint.render.text import render

LANGUAGES = {".conf": "ini", ".cfg": "text"}
"""How a file's example is coloured."""

_CODE = re.compile(r"`[^`]+`|\b[\w./-]+\.(?:c|h|y|lex|cfg|conf|yaml)\b(?::\w+)?")
_SPECIAL = re.compile(r"([\\*_\[\]<>#|])")


def sections(about: Documentation) -> Iterator[tuple[str, str]]:
    """The docstring's sections but what the client sees: heading and text."""
    yield "Why it matters", prose(about.why)
    if about.log or about.log_remark:
        messages = "```text\n" + "\n".join(about.log) + "\n```" if about.log else ""
        yield "In the log", "\n\n".join(part for part in (prose(about.log_remark), messages) if part)
    yield from (
        (title, prose(text))
        for title, text in (
            ("What the standard says", f"RFC {about.rfc}" if about.rfc else ""),
            ("Is the refusal deserved?", about.verdict[:1].upper() + about.verdict[1:]),
            ("What does not help", about.does_not_help[:1].upper() + about.does_not_help[1:]),
        )
        if text
    )
    yield "Fix", prose(about.fix[:1].upper() + about.fix[1:])


def rule(docstring: str) -> str:
    """A short page: without examples."""
    about = parse(docstring)
    parts = [prose(about.summary) + "."]
    if about.client_sees:
        parts.append("**The client sees:** " + "; ".join(map(seen, about.client_sees)) + ".")
    parts += [f"**{title}**\n\n{text}" for title, text in sections(about)]
    return "\n\n".join(parts)


def seen(symptom: Symptom) -> str:
    """What a client sees, with the condition behind it."""
    return f"`{symptom.shown}`" + (f" ({prose(symptom.condition)})" if symptom.condition else "")


def examples(registered: Registered) -> Iterator[str]:
    """Every example: what is wrong, what cfglint says of it, how it is right, and what the fix makes of it."""
    for number, example in enumerate(registered.examples, start=1):
        title = f"Example {number}" if len(registered.examples) > 1 else "Example"
        targets = f" ({', '.join(example.targets)})" if example.targets else ""
        yield f"## {title}{targets}"
        yield from _example(registered, example)


def _example(registered: Registered, example: Example) -> Iterator[str]:
    bad, good = (demonstration.files(registered, content) for content in (example.bad, example.good))
    yield from _files(bad)
    yield "```text\n" + _said(registered, example) + "\n```"
    yield "Right:"
    yield from _files(good)
    if example.fixed is not None:
        yield "The fix:"
        yield "```diff\n" + _patch(bad, demonstration.files(registered, example.fixed)) + "\n```"


def _said(registered: Registered, example: Example) -> str:
    """What ``cfglint check`` prints of the bad configuration."""
    text = "".join(render(demonstration.report(registered, example), quiet=True))
    return text.replace(f"{demonstration.FOLDER}/", "").rstrip("\n")


def _files(files: Mapping[str, str]) -> Iterator[str]:
    for name, text in files.items():
        kind = LANGUAGES.get(name[name.rfind(".") :], "text")
        shown = "\n".join(line[:MAX_LINE] for line in text.splitlines()[:MAX_LINES])
        yield f'```{kind} title="{name}"\n{shown}\n```'


MAX_LINE, MAX_LINES = 200, 60
"""So much of an example's line, and so many of its lines, are shown."""


def _patch(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    lines: list[str] = []
    for name, text in after.items():
        old = before.get(name, "")
        if old != text:
            lines += unified_diff(old.splitlines(), text.splitlines(), f"a/{name}", f"b/{name}", lineterm="")
    return "\n".join(line[:MAX_LINE] for line in lines)


def prose(text: str) -> str:
    """Text of a docstring: code stays code, names of files and functions become it, nothing else is markup."""
    return "\n\n".join(_paragraph(" ".join(part.split())) for part in text.split("\n\n"))


def _paragraph(text: str) -> str:
    parts, done = [], 0
    for found in _CODE.finditer(text):
        parts.append(_SPECIAL.sub(r"\\\1", text[done : found.start()]))
        parts.append(found[0] if found[0].startswith("`") else f"`{found[0]}`")
        done = found.end()
    return "".join(parts) + _SPECIAL.sub(r"\\\1", text[done:])
