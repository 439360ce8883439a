"""Lines that the server cannot use."""

from __future__ import annotations

import pytest

from cfglint.source import Span
from cfglint.syntax.asterisk import BAD_ESCAPE, Broken, plain_line


@pytest.mark.parametrize(("line", "at"), [("\\", Span(0, 1)), ("\\ a=1", Span(0, 2)), ("\t\\é=1\r", Span(1, 3))])
def test_a_backslash_that_escapes_nothing(line: str, at: Span) -> None:
    entry = plain_line(line)
    assert isinstance(entry, Broken)
    assert (entry.fault, entry.at) == (BAD_ESCAPE, at)
