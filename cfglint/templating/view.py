"""One rendering of a tree's templates, and what is said of it put in the templates' own terms."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping

from cfglint.files import Files
from cfglint.findings import Failure, Finding, Note
from cfglint.source import Place, Source, Span
from cfglint.templating.detection import destination
from cfglint.templating.mapping import Rendered
from cfglint.templating.rendering import Rendering


class View:
    """One rendering, as the checks see it."""

    def __init__(self, rendering: Rendering, files: Files, templates: Mapping[str, Source]) -> None:
        self.rendering, self._files, self._templates = rendering, files, templates
        self._paths = {files.identity(destination(path)): path for path in templates}
        self._known: dict[Source, str | None] = {}
        values = {value: label for made in rendering.made.values() for value, label in made.values.items()}
        longest_first = sorted(values, key=len, reverse=True)
        self._values = values
        self._pattern = re.compile(f"(?<![\\w.])(?:{'|'.join(map(re.escape, longest_first))})(?![\\w])")

    def template(self, source: Source) -> str | None:
        """The path of the template that a file was made of."""
        if source not in self._known:
            self._known[source] = self._paths.get(self._files.identity(source.path))
        return self._known[source]

    def made(self, source: Source) -> Rendered | None:
        """What was made of a template, if the file is one."""
        path = self.template(source)
        return self.rendering.made.get(path) if path is not None else None

    def place(self, place: Place) -> Place:
        """Where something stands in its template."""
        made = self.made(place.source)
        found = made.place(place.span, self._templates) if made is not None else None
        return found or place

    def anchor(self, place: Place) -> Hashable:
        """What has to be rendered for something to stand there at all."""
        made = self.made(place.source)
        piece = made.piece(place.span.start) if made is not None else None
        return (piece.template, piece.start) if piece is not None else place.source.path

    def anchors(self, sources: Iterable[Source]) -> Iterator[Hashable]:
        """All that was rendered and read."""
        for source in sources:
            made = self.made(source)
            if made is None:
                yield source.path
            else:
                yield from ((piece.template, piece.start) for piece in made.pieces)

    def text(self, text: str) -> str:
        """A message with expressions in place of what was put in for them."""
        return self._pattern.sub(lambda match: f"{{{{ {self._values[match[0]]} }}}}", text) if self._values else text

    def finding(self, finding: Finding) -> Finding | None:
        """A finding as it is about the template; None where it is about a value that nobody knows."""
        made, span = self.made(finding.place.source), finding.place.span
        level = finding.level
        if made is not None and not finding.place.source.line_text(span.start).lstrip().startswith("["):
            if made.is_all_assumed(span):
                return None
            level = "info" if made.is_assumed(span) else level
        notes = tuple(Note(self.place(note.place), self.text(note.text)) for note in finding.notes)
        message = self.text(finding.message)
        return finding._replace(place=self.place(finding.place), notes=notes, message=message, level=level)

    def failure(self, failure: Failure) -> Failure:
        """A failure as it is about the template."""
        for path in self._templates:
            if failure.path == self._files.shown(destination(path)):
                source = self._files.read(destination(path))
                line = failure.line
                if line is not None:
                    start = source.line_starts[min(line, len(source.line_starts)) - 1]
                    line = self.place(Place(source, Span(start, start))).start.line
                return failure._replace(path=self._templates[path].path, line=line)
        return failure
