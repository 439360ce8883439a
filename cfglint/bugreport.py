"""What helps to find a mistake of cfglint's, in one zip archive: the files that were read and what was said, secrets
masked."""

from __future__ import annotations

import io
import platform
import sys
import zipfile
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version

from cfglint import __version__
from cfglint.secrets import mask
from cfglint.source import Source, encode

PACKAGES = ("click", "lark", "ruamel.yaml", "Jinja2", "SQLAlchemy")


def bundle(sources: Iterable[Source], texts: Mapping[str, str]) -> bytes:
    """The archive: `texts`, by name, and the files as they may be shown, numbered, with their paths in a list."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        listed = []
        for number, source in enumerate(sources):
            name = f"files/{number}.txt"
            listed.append(f"{name} {source.path!r}")
            _put(archive, name, masked(source.text))
        _put(archive, "files.txt", "\n".join([*listed, ""]))
        _put(archive, "versions.txt", "\n".join([*_versions(), ""]))
        for name, text in texts.items():
            _put(archive, name, masked(text))
    return stream.getvalue()


def masked(text: str) -> str:
    """Every line as it may be shown."""
    return "\n".join(mask(line).text for line in text.split("\n"))


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(zipfile.ZipInfo(name), encode(text), zipfile.ZIP_DEFLATED)


def _versions() -> Iterable[str]:
    yield f"cfglint {__version__}"
    yield f"Python {sys.version}"
    yield f"system {platform.platform()}"
    for name in PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} is not installed"
