"""Which files are templates: by their names, or by what they hold."""

from __future__ import annotations

import re

SUFFIXES = (".j2", ".jinja2", ".jinja")
"""How the names of Jinja's templates end."""

_MARKUP = r"(?s)\{\{.*?\}\}|\{%.*?%\}"


_CONTROL = r"\{%|\{\{[-~]?\s*(?:[#/^>!]|(?:if|else|end|range|with|define|template|block|each|unless)\b)"
"""What begins or ends a part that may not be there, in Jinja, Go's templates, Mustache and Handlebars."""


def is_named_template(path: str) -> bool:
    """Does a file's name say that it is a template?"""
    return path.endswith(SUFFIXES)


def destination(path: str) -> str:
    """Where the text of a template goes: its path without the ending."""
    for suffix in SUFFIXES:
        if path.endswith(suffix):
            return path[: -len(suffix)]
    return path


def holds_markup(text: str) -> bool:
    """Does a text hold a tag of Jinja, or something like it?"""
    return ("{{" in text or "{%" in text) and re.search(_MARKUP, text) is not None


def holds_control(text: str) -> bool:
    """Does a text hold tags that leave parts of it out, or repeat them?"""
    return re.search(_CONTROL, text) is not None
