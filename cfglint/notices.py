"""The findings that cfglint itself makes, beside those of the checks: what they are called and what they mean."""

from __future__ import annotations

from cfglint.namedtuples import NamedTuple


class Notice(NamedTuple):
    """Such a finding. The documentation has the form of a check's docstring."""

    id: str
    level: str
    category: str
    documentation: str

    @property
    def summary(self) -> str:
        """The documentation's first line."""
        return self.documentation.partition("\n")[0].rstrip(".")


UNUSED_SUPPRESSION = Notice(
    "unused-suppression",
    "warning",
    "style",
    """A comment that suppresses a check does nothing.

Why it matters: the defect it once excused is gone or was never there; left standing, the comment will silence the next
one, which nobody has looked at.

Fix: delete the comment, or correct the id in it. `# cfglint: ignore[id] reason` (in Asterisk's files with `;`) counts
for its own line and, standing alone, for the next; `ignore-file[id]` for the whole file.
""",
)

UNEXPLAINED_SUPPRESSION = Notice(
    "unexplained-suppression",
    "warning",
    "style",
    """A comment that suppresses a check does not say why, and the settings ask for a reason.

Why it matters: whoever reads the line next year cannot tell a decision from an oversight. Only reported with
`require-reasons: true` in the settings; the comment counts all the same.

Fix: write the reason behind the bracket: `; cfglint: ignore[id] one desk phone, wired`.
""",
)

STALE_BASELINE_ENTRY = Notice(
    "stale-baseline-entry",
    "info",
    "style",
    """A baseline accepts findings that do not occur any more.

Why it matters: somebody has mended what the entry excused; left standing, it will accept the next such defect in the
same place, which nobody has looked at. Only entries of files and checks that the run has judged, for the same versions
as when the baseline was written, are told.

Fix: `cfglint check --write-baseline` takes the entry out. With `levels: {stale-baseline-entry: warning}` in the
settings a run fails until that is done.
""",
)

NOTICES = (UNUSED_SUPPRESSION, UNEXPLAINED_SUPPRESSION, STALE_BASELINE_ENTRY)
