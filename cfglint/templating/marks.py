"""Characters that tell, in rendered text, where each piece of it comes from and which value nobody knows."""

from __future__ import annotations

import re

OPEN, CLOSE = "\ue000", "\ue001"
"""Around the number of an unknown value."""

UNKNOWN = "\ue002"
"""Stands among the variables for a value that nobody knows."""

LITERAL, NUMBERS_END, EXPRESSION, END, ASSUMED = "\ue010", "\ue011", "\ue012", "\ue013", "\ue014"
"""What begins a piece of a template's own text, and an expression; the end of the numbers that follow on these; what
ends an expression; and stands before that where more was asked than is known."""

FOREIGN = re.compile("[\ue000-\ue01f]")
"""Characters that no template may hold, as they would be taken for marks (they are for private use)."""
