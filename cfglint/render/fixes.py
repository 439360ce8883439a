"""Fixes as one JSON object, for programs that write the files themselves, such as those that look after many machines.

Like a patch, and unlike any report, it holds secrets: a file's whole text before and after. What may be shown of them
stands in ``masked``.
"""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps
from typing import Any

from cfglint.admission import Judged
from cfglint.edits import Draft
from cfglint.engine import together
from cfglint.render.json import as_data
from cfglint.secrets import mask


def render(fixed: list[Judged]) -> Iterator[str]:
    """What was made of each run's files; bytes that are not UTF-8 come as escaped lone surrogates."""
    files: dict[str, dict[str, Any]] = {}
    for judged in fixed:
        for draft in judged.outcome.drafts:
            _add(files, draft, judged)
    data = {
        "files": [
            {**file, "masked": {when: _masked(file[when]) for when in ("before", "after")}} for file in files.values()
        ],
        "refused": [
            {"check": f.check, "path": f.place.source.path, "line": f.place.start.line, "reason": reason}
            for judged in fixed
            for f, reason in judged.unfixed
        ],
        "remaining": as_data(together([judged.outcome.after for judged in fixed])),
    }
    yield dumps(data, ensure_ascii=True, indent=1) + "\n"


def _add(files: dict[str, dict[str, Any]], draft: Draft, judged: Judged) -> None:
    """A file that several runs changed goes from what the first found to what the last left."""
    before, after = judged.outcome.texts[draft.path]
    checks = {finding.check for finding in judged.outcome.applied if finding.place.source.path == draft.path}
    file = files.setdefault(draft.path, {"path": draft.path, "before": before, "checks": []})
    file["after"] = after
    file["checks"] = sorted({*file["checks"], *checks})


def _masked(text: str) -> str:
    return "\n".join(mask(line).text for line in text.split("\n"))
