"""A configuration as the server sees it, for ``cfglint show``."""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps

from cfglint.render.printable import printable
from cfglint.resolve.asterisk import Config
from cfglint.secrets import mask


def as_json(config: Config) -> Iterator[str]:
    """Sections with their options, inherited ones included; values as the server holds them, secrets, too."""
    sections = [
        {
            "name": section.name,
            "template": section.template,
            "bases": [base.name for base in section.bases],
            "options": [
                {
                    "name": option.key,
                    "value": option.value,
                    "path": option.source.path,
                    "line": option.source.position(option.start).line,
                }
                for option in section.options
            ],
        }
        for section in config.sections
    ]
    yield dumps({"sections": sections}, indent=1) + "\n"


def as_text(config: Config) -> Iterator[str]:
    """Sections as they would be written without templates and includes, each line with where it comes from."""
    for section in config.sections:
        kind = "(!)" if section.template else ""
        bases = f" ; from {', '.join(base.name for base in section.bases)}" if section.bases else ""
        yield printable(f"[{section.name}]{kind}{bases}") + "\n"
        for option in section.options:
            line = printable(mask(f"{option.key} = {option.value}").text)
            yield f"{line.ljust(48)} ; {printable(option.source.path)}:{option.source.position(option.start).line}\n"
        yield "\n"
