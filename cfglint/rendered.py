"""Judges trees of templates: what they render to, in each way that the variables leave open, and mapped back.

A finding counts where it holds in every rendering that has its line. What only a value that nobody knows is to blame
for is no finding; one that the unknown surroundings of a template may refute is worth knowing at most.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from cfglint import engine
from cfglint.discover import is_root_name
from cfglint.engine import Report, Request
from cfglint.errors import UnreadableInput, UsageProblem
from cfglint.files import Files
from cfglint.findings import LEVELS, Failure, Finding
from cfglint.namedtuples import NamedTuple
from cfglint.policy import Policy
from cfglint.source import Source
from cfglint.templating.detection import destination, holds_control, holds_markup, is_named_template

if TYPE_CHECKING:
    from cfglint.fixing import Unfixed
    from cfglint.templating.view import View

MAX_TEMPLATES = 1000
"""So many templates of one tree are read."""

MAX_FOLDERS = 1000

AMONG_TEMPLATES = "the tree holds templates, and the server reads what is made of them"

ELSEWHERE = frozenset(
    (
        "conf-include-not-found",
        "conf-inherit-unknown-base",
        "conf-plus-without-target",
        "kamailio-file-not-found",
        "kamailio-include-not-found",
    )
)
"""Checks for what is missing, which may come from another place than the templates."""


_OPTIONAL = r"(?m)^[ \t]*(?:#[ \t]*tryinclude[ \t]+[\"<]?|(?:[#!]!)?import_file[ \t]*\")([^\"<>;\n]+)"

_WHOLE = r"(?m)^[ \t]*(?:loadmodule|request_route|route[ \t]*\{)"
"""What a script of Kamailio's hardly does without that is all of a configuration."""


class Judged(NamedTuple):
    """What was found in a tree of templates, and what would be fixed were it none."""

    report: Report
    unfixed: list[Unfixed]


def check(request: Request, files: Files) -> Report:
    """Judge all roots, templates by what they render to. Raises `UsageProblem` where that takes Jinja2."""
    judged = concerns(request, files)
    return judged.report if judged else reread(request, files, engine.check(request, files))


def reread(request: Request, files: Files, report: Report) -> Report:
    """What was found, taken for text, in files of which some may hold tags and be templates. Raises `UsageProblem`."""
    marked = [source for source in report.sources if holds_markup(source.text)]
    if request.verbatim or not marked:
        return report
    judged = _marked(request, files, report, marked)
    return judged.report if judged else report._replace(findings=list(map(_foreign, report.findings)))


def _foreign(finding: Finding) -> Finding:
    """A finding that the tags of another template language than Jinja may make void is only worth knowing."""
    source, at = finding.place.source, finding.place.span.start
    if holds_markup(source.line_text(at)) or (holds_markup(source.text) and holds_control(source.text)):
        return finding._replace(level=LEVELS[0])
    return finding


def concerns(request: Request, files: Files) -> Judged | None:
    """What is found, if any file is a template by its name; else None."""
    templates = {} if request.verbatim else named_templates(request, files)
    return judge(request, files, templates) if templates else None


def settled(request: Request, files: Files) -> tuple[Request, Files]:
    """The same with templates replaced by what they render to. Raises `UsageProblem` where that is not sure."""
    if request.verbatim or not any(is_named_template(root.path) for root in request.roots):
        return request, files
    templates = named_templates(request, files)
    from cfglint.templating.rendering import renderings

    first, *others = islice(renderings(templates, request.variables or {}), 2)
    shown = templates[next(root.path for root in request.roots if is_named_template(root.path))].path
    if others or first.faults:
        where = first.faults[0] if first.faults else None
        reason = f"{templates[where.path].path}:{where.line}: {where.reason}" if where else shown
        raise UsageProblem(f"{reason}: what the template becomes is not known; give its variables with --template-vars")
    texts = {destination(path): made.text for path, made in first.made.items()}
    roots = [root._replace(path=destination(root.path)) for root in request.roots]
    return request._replace(roots=roots, files=lambda more: files.changed({**texts, **more})), files.changed(texts)


def _marked(request: Request, files: Files, report: Report, sources: list[Source]) -> Judged | None:
    """Files that hold tags though their names do not say so: templates if they can be rendered, else just text."""
    from cfglint.templating.rendering import MISSING, has_jinja

    if not has_jinja():
        loud = {f.place.source for f in report.findings if f.level != "info"}
        failures = [Failure(source.path, 1, MISSING) for source in sources if source in loud]
        return Judged(report._replace(failures=[*report.failures, *failures]), []) if failures else None
    return judge(request, files, {source.path: source for source in sources})


def named_templates(request: Request, files: Files) -> dict[str, Source]:
    """The templates below the directories of the roots, by path, where there are any beside a root."""
    found: dict[str, Source] = {}
    for folder in dict.fromkeys(os.path.dirname(root.path) or os.curdir for root in request.roots):
        if any(map(is_named_template, files.names(folder))):
            found.update(_below(folder, files))
    for root in request.roots:
        if is_named_template(root.path):
            found = {path: source for path, source in found.items() if source is not files.read(root.path)}
            found[root.path] = files.read(root.path)
    return found


def _below(folder: str, files: Files) -> Iterator[tuple[str, Source]]:
    waiting, seen, count = [folder], 0, 0
    while waiting and seen < MAX_FOLDERS:
        folder = waiting.pop()
        seen += 1
        for name in sorted(files.names(folder)):
            path = os.path.join(folder, name)
            if files.is_directory(path):
                waiting.append(path)
            elif is_named_template(name) and not files.exists(destination(path)) and count < MAX_TEMPLATES:
                try:
                    yield path, files.read(path)
                except UnreadableInput:
                    continue  # whoever includes it will hear of it
                count += 1


def judge(request: Request, files: Files, templates: Mapping[str, Source]) -> Judged | None:
    """What is found in the renderings of templates, by path; None where none of them is a template after all."""
    from cfglint.templating.rendering import renderings
    from cfglint.templating.view import View

    verdict = Verdict(request, files, templates)
    for rendering in renderings(templates, request.variables or {}):
        texts = {destination(path): "" for path in templates}
        texts |= {destination(path): made.text for path, made in rendering.made.items()}
        strays = {fault.path for fault in rendering.faults if fault.is_syntax and not is_named_template(fault.path)}
        if strays:
            left = {path: source for path, source in templates.items() if path not in strays}
            return judge(request, files, left) if left else None
        overlaid = files.changed(texts)
        roots = [root._replace(path=destination(root.path)) for root in request.roots]
        policy = Policy(require_reasons=request.policy.require_reasons)
        report = engine.check(request._replace(roots=roots, policy=policy), overlaid)
        if not verdict.hear(report, View(rendering, overlaid, templates)):
            break
    return verdict.judged()


class Verdict:
    """What holds in all renderings that were heard so far."""

    def __init__(self, request: Request, files: Files, templates: Mapping[str, Source]) -> None:
        self._request, self._files, self._templates = request, files, templates
        self._found: dict[Hashable, list[Finding]] = {}
        self._anchored: dict[Hashable, Hashable] = {}
        self._anchors: Counter[Hashable] = Counter()
        self._failures: Counter[Failure] = Counter()
        self._doubts: list[Failure] = []
        self._reports: list[Report] = []
        self._sources: dict[Source, None] = {}
        self._is_open = False

    def hear(self, report: Report, view: View) -> bool:
        """Take in what was found in one rendering. Tells whether to go on."""
        read = {view.template(source) for source in report.sources}
        faults = [fault for fault in view.rendering.faults if fault.path in read]
        failures = [Failure(self._templates[f.path].path, f.line, f.reason) for f in faults]
        if faults:
            self._doubts += failures
            if all(fault.assumed for fault in faults):
                return True
            self._failures.update(set(failures))
            self._reports = [report]
            return False
        self._reports.append(report)
        self._failures.update({view.failure(failure) for failure in report.failures})
        self._anchors.update(set(view.anchors(report.sources)))
        for source in report.sources:
            path, made = view.template(source), view.made(source)
            self._sources[source if path is None else self._templates[path]] = None
            self._is_open |= made is not None and (made.is_open or _lacks(source, report.sources))
        keys: dict[Hashable, Finding] = {}
        for finding in report.findings:
            self._is_open |= finding.check in ELSEWHERE and view.made(finding.place.source) is not None
            mapped = view.finding(finding)
            if mapped is not None:
                key = (mapped.check, mapped.place.source.path, mapped.place.span)
                keys.setdefault(key, mapped)
                self._anchored[key] = view.anchor(finding.place)
        for where, mapped in keys.items():
            self._found.setdefault(where, []).append(mapped)
        return True

    def judged(self) -> Judged:
        """The findings that hold in every rendering that has their line."""
        from cfglint.fixing import IN_TEMPLATE, Unfixed  # a check of what is no template has no use for it

        if not self._reports:
            return Judged(Report([], [self._undecided()], list(self._templates.values()), self._request.targets), [])
        certain = [
            min(found, key=lambda finding: LEVELS.index(finding.level))
            for key, found in self._found.items()
            if len(found) == self._anchors[self._anchored[key]]
        ]
        kept = self._request.policy.applied(map(self._surrounded, certain))
        kept.sort(key=lambda finding: finding.sort_key)
        failures = [failure for failure, count in self._failures.items() if count == len(self._reports)]
        template_sources = set(self._templates.values())
        unfixed = [
            Unfixed(finding, IN_TEMPLATE if finding.place.source in template_sources else AMONG_TEMPLATES)
            for finding in kept
            if finding.fix is not None
        ]
        report = self._reports[0]._replace(
            findings=[finding._replace(fix=None) for finding in kept],
            failures=failures,
            sources=list(self._sources),
            trees=(),
        )
        return Judged(report, unfixed)

    def _undecided(self) -> Failure:
        doubt = self._doubts[0]
        return doubt._replace(message=f"{doubt.message}; give what is not known here with --template-vars")

    def _surrounded(self, finding: Finding) -> Finding:
        """A finding, only worth knowing where what is not known may make it void."""
        by_itself = finding.category == "syntax" and finding.check.startswith("conf-")
        surely = not self._is_open and (by_itself or not self._is_fragment)
        return finding if surely and finding.check not in ELSEWHERE else finding._replace(level="info")

    @cached_property
    def _is_fragment(self) -> bool:
        """Is only a part of a server's configuration looked at, the rest being nobody knows where?"""
        return any(
            not is_root_name(destination(os.path.basename(root.path)))
            or (root.language == "kamailio" and re.search(_WHOLE, self._files.read(root.path).text) is None)
            for root in self._request.roots
            if is_named_template(root.path)
        )


def _lacks(source: Source, read: Iterable[Source]) -> bool:
    """Does a file name others to be read if they are there, and one is not? Beside templates it may be made later."""
    names = {os.path.basename(other.path) for other in read}
    return any(os.path.basename(match[1].strip()) not in names for match in re.finditer(_OPTIONAL, source.text))
