"""Adds suppressions: a comment beside a finding, or a check in the settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from cfglint.comparison import beyond
from cfglint.edits import Edit, applied, insert
from cfglint.engine import Report, Request, check
from cfglint.errors import SettingsProblem, UsageProblem
from cfglint.files import Files
from cfglint.findings import Finding
from cfglint.policy import PathIgnore
from cfglint.settings import Settings, load
from cfglint.source import Source
from cfglint.suppress import comments
from cfglint.yamlfile import add_entry, add_item, compose, entry, scalar


def comment(
    request: Request, report: Report, name: str, path: str, line: int, reason: str
) -> tuple[Source, list[Edit]]:
    """The edits of a file that add a comment against a check's finding on a line.

    Each way of writing it is tried: with the right one that finding is gone, and nothing else has changed. Raises
    `UsageProblem`.
    """
    identity = request.files({}).identity
    source = next((s for s in report.sources if identity(s.path) == identity(path)), None)
    if source is None:
        raise UsageProblem(f"{path}: is not read by the configuration that was looked at; name its tree with --tree")
    here = [f for f in report.findings if f.check == name and f.place.source is source]
    dismissed = [finding for finding in here if finding.place.start.line == line]
    if not dismissed:
        raise UsageProblem(f"{path}:{line}: {name} finds nothing there{_elsewhere(here)}")
    rest = [finding for finding in report.findings if finding not in dismissed]
    language = next(tree.language for tree in report.trees if any(source in config.files for config in tree.configs))
    for edits in _ways(source, line, name, reason, language):
        after = check(request, request.files({source.path: applied(source.text, edits)}))
        if not beyond(rest, after.findings) and not beyond(after.findings, rest) and after.failures == report.failures:
            return source, edits
    raise UsageProblem(f"{path}:{line}: no comment can stand there; leave it out with 'cfglint ignore {name} {path}'")


def _elsewhere(findings: list[Finding]) -> str:
    lines = sorted({finding.place.start.line for finding in findings})
    return f", but in line {', '.join(map(str, lines[:5]))}" if lines else ""


def _ways(source: Source, line: int, name: str, reason: str, language: str) -> Iterator[list[Edit]]:
    """Into a comment that there is already, to the end of the line, above the line."""
    for found in comments(source, language):
        if found.line == line and found.checks:
            yield [insert(source, found.place.span.end - 1, f", {name}")]
    start, end = source.line_span(source.line_starts[line - 1])
    text = source.text[start:end]
    remark = f"{_mark(source, language)} cfglint: ignore[{name}]{f' {reason}' if reason else ''}"
    body = text.rstrip("\r\n")
    yield [insert(source, start + len(body.rstrip()), f" {remark}")]
    indentation = body[: len(body) - len(body.lstrip(" \t"))]
    yield [insert(source, start, f"{indentation}{remark}{source.newline}")]


def _mark(source: Source, language: str) -> str:
    """How comments begin in a file; where both ways are known, as most of its lines do."""
    if language == "asterisk":
        return ";"
    beginnings = [line.lstrip()[:2] for line in source.text.split("\n")]
    hashes = sum(beginning == "# " or beginning == "#" for beginning in beginnings)
    return "//" if sum(beginning == "//" for beginning in beginnings) > hashes else "#"


def setting(settings: Settings, path: str, where: str | None, name: str, reason: str) -> tuple[Source, list[Edit]]:
    """The edits of a settings file that leave a check out: everywhere, or in the files that `where` names; none where
    that is so already. Raises `SettingsProblem`, `UsageProblem`."""
    files = Files()
    source = files.read(path) if files.exists(path) else Source(files.shown(path), "")
    root = compose(source)
    if where is None:
        if name in settings.ignore:
            return source, []
        edits = add_item(source, root, "ignore", scalar(name), reason)
        wanted = settings._replace(ignore=(*settings.ignore, name))
    else:
        pattern = os.path.relpath(where, os.path.dirname(path) or os.curdir)
        if pattern.split("/")[0] == os.pardir:
            raise UsageProblem(f"{where}: does not lie below {files.shown(path)}, whose settings count")
        rules = dict(settings.per_path_ignores)
        if name in rules.get(pattern, ()):
            return source, []
        edits = _for_files(source, root, pattern, name, reason)
        rules[pattern] = (*rules.get(pattern, ()), name)
        wanted = settings._replace(per_path_ignores=tuple(PathIgnore(*rule) for rule in rules.items()))
    if load(path, Files({path: applied(source.text, edits)})) != wanted._replace(path=path):
        raise SettingsProblem(source.path, 1, "is written in a way that cannot be edited; add the check by hand")
    return source, edits


def _for_files(source: Source, root: Any, pattern: str, name: str, reason: str) -> list[Edit]:
    rules = entry(root, "per-path-ignores")
    rule = f"{scalar(pattern)}: [{scalar(name)}]"
    if rules is None and (root is None or not root.flow_style):
        return add_entry(source, root, "per-path-ignores", f"{source.newline}  {rule}", reason)
    if rules is None or rules.empty:
        return add_entry(source, root, "per-path-ignores", f"{{{rule}}}", reason)
    return add_item(source, rules.value, pattern, scalar(name), reason)
