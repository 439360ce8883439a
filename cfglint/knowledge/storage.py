"""Reads the pieces of knowledge, which lie as JSON files beside this one."""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing is slow to import, and start-up counts
    from typing import Any

FOLDER = os.path.dirname(__file__)
"""Where the pieces lie; it may be a place in a zip archive."""


def load(*path: str) -> Any:
    """The content of ``<path>.json``, or None if there is no such piece.

    It is read through this package's own loader, so the package may lie in a zip archive. No part of `path` may come
    from a configuration unchecked.
    """
    try:
        data: bytes = __spec__.loader.get_data(os.path.join(FOLDER, *path) + ".json")  # type: ignore[union-attr]
    except OSError:
        return None
    return json.loads(data)
