"""Arguments to roots: which files are judged, and in which language."""

from __future__ import annotations

import os
import re
from fnmatch import fnmatch

from cfglint.errors import NoInput, UnreadableInput, UsageProblem
from cfglint.files import Files
from cfglint.namedtuples import NamedTuple
from cfglint.settings import Settings
from cfglint.templating.detection import destination, is_named_template

LANGUAGES = ("asterisk", "kamailio")

_ROOT = re.compile(r"(?P<asterisk>(?:pj)?sip\.conf)\Z|(?P<kamailio>kamailio[^/]*\.cfg)\Z")
_KAMAILIO_TEXT = re.compile(
    r"^[^\S\n]*(?:[#!]!|loadmodule\b|modparam\b|(?:request_|reply_|onreply_|failure_|branch_|event_)?route\b\s*[\[{])",
    re.MULTILINE,
)
_ASTERISK_TEXT = re.compile(r"^(?:[^\S\n]|\ufeff)*\[[^\]\n]+\]", re.MULTILINE)


class Root(NamedTuple):
    """A file to judge, as the server would be given it."""

    path: str
    language: str
    named: bool = True
    """Named by the user; one that was only come across is no root where another root includes it."""


def roots(paths: tuple[str, ...], files: Files, settings: Settings, language: str | None = None) -> list[Root]:
    """The roots that the arguments stand for, in order, each once.

    A directory is searched for sip.conf, pjsip.conf and kamailio*.cfg, or templates of these, as far as directories
    below it can be read; a file is taken as a root itself. Raises `NoInput` where a directory holds none,
    `UnreadableInput` and `UsageProblem`.
    """
    found: dict[str, Root] = {}
    for path in paths:
        if not path:
            raise UsageProblem("a path is empty; name a directory or a file")
        if files.leads_to_directory(path):
            for root in search(path, files, settings):
                found.setdefault(files.real(root.path), root)
        else:
            found[files.real(path)] = Root(path, language or language_of(path, files))
    return list(found.values())


def search(directory: str, files: Files, settings: Settings) -> list[Root]:
    """Roots below a directory, those of a directory before those below it. Links to directories are not followed, so
    there are no loops. Raises `NoInput` where there are none."""
    files.require_directory(directory)
    found = []
    waiting = [directory]
    while waiting:
        folder = waiting.pop()
        folders = []
        for name in sorted(files.names(folder)):
            path = os.path.join(folder, name)
            root = _root(path, name, files)
            if root is not None:
                found.append(root)
            elif not name.startswith(".") and files.is_directory(path):
                folders.append(path)
        waiting += reversed(folders)
    found = [root for root in found if not excluded(root, settings, directory)]
    if not found:
        shown = files.shown(directory)
        raise NoInput(f"{shown}: holds no sip.conf, pjsip.conf or kamailio*.cfg; name a file, or its directory")
    return found


def roots_in(folder: str, files: Files) -> list[Root]:
    """The roots in a directory, not below it."""
    found = (_root(os.path.join(folder, name), name, files) for name in sorted(files.names(folder)))
    return [root for root in found if root is not None]


def _root(path: str, name: str, files: Files) -> Root | None:
    match = _ROOT.match(destination(name))
    if is_named_template(name) and files.exists(destination(path)):
        return None  # what it becomes lies beside it
    if match is None or match.lastgroup is None or files.leads_to_directory(path):
        return None
    return Root(os.path.normpath(path), match.lastgroup, named=False)


def is_root_name(name: str) -> bool:
    """Is it the name of a file that a server begins with?"""
    return _ROOT.match(name) is not None


def excluded(root: Root, settings: Settings, directory: str) -> bool:
    """Do the settings leave a root out? Their patterns are relative to their file, without one to `directory`."""
    relative = os.path.relpath(root.path, os.path.dirname(settings.path) if settings.path else directory)
    return any(fnmatch(relative, pattern) for pattern in settings.exclude)


def language_of(path: str, files: Files) -> str:
    """A file's language by its name, else by its content."""
    name = destination(os.path.basename(path).lower())
    match = _ROOT.match(name)
    if match is not None and match.lastgroup is not None:
        return match.lastgroup
    text = files.read(path).text
    kamailio, asterisk = _KAMAILIO_TEXT.search(text), _ASTERISK_TEXT.search(text)
    if name.endswith(".conf") and not (kamailio and not asterisk):
        return "asterisk"
    if kamailio and not (asterisk and asterisk.start() < kamailio.start()):
        return "kamailio"
    if asterisk:
        return "asterisk"
    if name.endswith(".cfg"):
        return "kamailio"
    raise UnreadableInput(
        files.shown(path), "looks neither like Asterisk's nor like Kamailio's configuration; say which with --language"
    )


def overlays(arguments: tuple[str, ...], files: Files) -> dict[str, str]:
    """Path to the text that stands in for its content, from ``TREE_FILE=OTHER_FILE`` arguments."""
    found = {}
    for argument in arguments:
        tree_file, equals, other = argument.partition("=")
        if not equals or not tree_file or not other:
            raise UsageProblem(f"--overlay {argument}: expected TREE_FILE=OTHER_FILE")
        found[tree_file] = files.read(other).text
    return found
