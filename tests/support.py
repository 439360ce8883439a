"""Small trees of configuration for tests, and running the engine on them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cfglint.discover import roots
from cfglint.engine import Report, Request, check
from cfglint.files import Files
from cfglint.fixing import Job, Outcome, fix
from cfglint.knowledge.versions import parse_targets
from cfglint.model.asterisk import Tree
from cfglint.model.pjsip import Pjsip
from cfglint.registry import Selection
from cfglint.settings import Settings
from cfglint.source import encode


def write_tree(folder: Path, files: Mapping[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(text))


def request(folder: Path, targets: tuple[str, ...] = (), select: tuple[str, ...] = ()) -> Request:
    """A run over a folder."""
    return Request(roots((str(folder),), Files(), Settings()), parse_targets(targets), Selection(select))


def pjsip_of(folder: Path, text: str, targets: tuple[str, ...] = ()) -> Pjsip:
    """The objects of a pjsip.conf."""
    write_tree(folder, {"pjsip.conf": text})
    tree = Tree([str(folder / "pjsip.conf")], Files(), parse_targets(targets))
    assert tree.pjsip is not None
    return tree.pjsip


def check_tree(folder: Path, targets: tuple[str, ...] = (), select: tuple[str, ...] = ()) -> Report:
    """What is found in a folder."""
    return check(request(folder, targets, select), Files())


def fix_tree(folder: Path, targets: tuple[str, ...] = (), select: tuple[str, ...] = (), unsafe: bool = True) -> Outcome:
    """What becomes of a folder."""
    return fix(Job(request(folder, targets, select), {}, unsafe))
