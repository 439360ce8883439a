"""Text from a configuration, made fit for XML 1.0, which cannot hold every character."""

from __future__ import annotations

from collections.abc import Mapping

from cfglint.render.printable import printable

_MARKUP = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\t": "&#9;",  # a reader makes blanks of those that stand in an attribute as they are
        "\ufffe": "\\ufffe",
        "\uffff": "\\uffff",
    }
)


def escaped(text: str) -> str:
    """One line of text as content or as an attribute's value; what XML cannot hold comes as an escape sequence."""
    return printable(text).translate(_MARKUP)


def attributes(values: Mapping[str, object]) -> str:
    """A tag's attributes, each with a blank before it."""
    return "".join(f' {name}="{escaped(str(value))}"' for name, value in values.items())
