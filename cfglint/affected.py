"""Which trees of a repository changed files belong to, found from the names in include directives alone: parsing every
tree to judge one would take too long for a hook."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterable

from cfglint.discover import Root
from cfglint.errors import UnreadableInput
from cfglint.files import Files, part_below
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.globs import Glob, TooWide
from cfglint.settings import FILE_NAME
from cfglint.templating.detection import destination, is_named_template

MAX_NAMES = 500_000
"""So many names in directories are looked at for the patterns of one tree's includes."""

INSTALLED_AT = {"asterisk": "/etc/asterisk", "kamailio": "/etc/kamailio"}
"""The servers' own configuration directories: what is included from below them is read from the tree."""

BESIDE = (
    "acl.conf",
    "asterisk.conf",
    "extconfig.conf",
    "extensions.conf",
    "modules.conf",
    "pjsip_wizard.conf",
    "sorcery.conf",
    "users.conf",
)
"""What is read beside Asterisk's roots, be it judged or only asked."""

_MENTIONS = {
    "asterisk": re.compile(r"^[ \t]*#[ \t]*(?:try)?include[ \t]+[\"'<]?([^\"'>;\n]+)", re.IGNORECASE | re.MULTILINE),
    "kamailio": re.compile(r"(?:include|import)_file\s*\"([^\"\n]+)\""),
}
_SUBSTITUTION = re.compile(r"[#!]!subst")
_LITERAL = re.compile(r"\"([^\"\n]*/[^\"\n]*)\"")
"""A string of Kamailio's that may name a file of another kind, such as a list of addresses."""


class Mentioned(NamedTuple):
    """What a tree may read."""

    paths: dict[str, str]
    """Each file's path, as often as it is spelt in another way, to its real one."""
    is_unclear: bool
    """May there be others, as a name is made up by Kamailio's preprocessor, or too many fit?"""


class Affected(NamedTuple):
    """The trees that changed files belong to."""

    roots: list[Root]
    """Every root of those trees, in the order given."""
    strays: list[str]
    """The changed files that belong to none."""


def affected(changed: Iterable[str], roots: Iterable[Root], files: Files, installed_at: str | None = None) -> Affected:
    """The trees among `roots` that read any of the `changed` files, which need not exist any more.

    Includes in a block comment or in a dead branch of the preprocessor count, too: who takes the mark away wants to
    know. A template belongs where what is made of it does, and a settings file to every tree below it.
    """
    wanted = {os.path.realpath(path): path for path in changed}
    gone = [path for path in wanted if not os.path.lexists(path)]
    made = {destination(path): path for path in wanted if is_named_template(path)}
    gone += [path for path in made if not os.path.lexists(path)]
    if gone:  # so that patterns find them where they were, or are going to be
        files = Files(dict.fromkeys(gone, ""), scope=files.scope)
    strays = dict(wanted)
    found: list[Root] = []
    for tree in _trees(roots):
        found_here, unclear = mentioned(tree, files, installed_at)
        read = set(found_here.values())
        read |= {made[path] for path in read if path in made}
        below = os.path.join(os.path.realpath(os.path.dirname(tree[0].path)), "")
        hit = [
            path
            for path in wanted
            if path in read or _is_setting_above(path, below) or (unclear and path.startswith(below))
        ]
        if hit:
            found += tree
            for path in hit:
                strays.pop(path, None)
    return Affected(found, list(strays.values()))


def _trees(roots: Iterable[Root]) -> list[list[Root]]:
    """Roots that one server reads together: for Asterisk those of a directory, for Kamailio each alone."""
    found: dict[str, list[Root]] = {}
    for root in roots:
        found.setdefault(os.path.dirname(root.path) if root.language == "asterisk" else root.path, []).append(root)
    return list(found.values())


def _is_setting_above(path: str, folder: str) -> bool:
    return os.path.basename(path) == FILE_NAME and folder.startswith(os.path.join(os.path.dirname(path), ""))


def mentioned(tree: list[Root], files: Files, installed_at: str | None) -> Mentioned:
    """What a tree, given its roots, may read, live or not. `installed_at`: see `Request`."""
    language, directory = tree[0].language, os.path.dirname(tree[0].path) or "."
    installed_at = installed_at or INSTALLED_AT[language]
    mentions, glob = _MENTIONS[language], Glob(files, MAX_NAMES)
    waiting = deque(root.path for root in tree)
    if language == "asterisk":
        waiting += (path for name in BESIDE if files.is_regular(path := f"{directory}/{name}"))
    paths: dict[str, str] = {}
    seen: set[str] = set()
    missing = substitutes = False
    while waiting:
        path = waiting.popleft()
        paths[path] = real = files.real(path)
        if real in seen:
            continue
        seen.add(real)
        try:
            text = files.read(path).text
        except UnreadableInput:
            continue
        for mention in mentions.finditer(text):
            places = _places(mention[1].strip(), directory, os.path.dirname(path) or ".", installed_at)
            try:
                named = [found for place in places for found in glob.expand(place) if files.is_regular(found)]
            except TooWide:
                return Mentioned(paths, True)
            waiting += named
            missing |= not named
        if language == "kamailio":
            substitutes |= _SUBSTITUTION.search(text) is not None
            for literal in _LITERAL.finditer(text):
                places = _places(literal[1], directory, os.path.dirname(path) or ".", installed_at)
                paths |= {place: files.real(place) for place in places if files.is_regular(place)}
    return Mentioned(paths, missing and substitutes)


def _places(name: str, directory: str, beside: str, installed_at: str) -> list[str]:
    """Where Asterisk, or Kamailio, may find a file that is included by this name."""
    if not name.startswith("/"):
        return list(dict.fromkeys((f"{directory}/{name}", f"{beside}/{name}")))
    inside = part_below(name, installed_at)
    return [f"{directory}/{inside}", name] if inside is not None else [name]
