"""Options that several commands share, and what they come to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import click

from cfglint import settings as settings_file
from cfglint.cli import completion
from cfglint.discover import LANGUAGES, Root, overlays, roots
from cfglint.engine import Request
from cfglint.errors import NoInput, UsageProblem
from cfglint.files import Files
from cfglint.knowledge.versions import Targets, parse_targets
from cfglint.namedtuples import NamedTuple
from cfglint.registry import Selection
from cfglint.scope import Scope
from cfglint.settings import Settings
from cfglint.source import decode

DEFAULT_PATHS = ("/etc/asterisk", "/etc/kamailio")
"""Looked at when no path is given, as far as they exist."""

Function = TypeVar("Function", bound=Callable[..., Any])

_INPUT = (
    click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=completion.paths),
    click.option(
        "--target",
        "targets",
        metavar="PRODUCT=VERSION",
        multiple=True,
        help='The version of a server, such as asterisk=20.20, kamailio=5.6 or asterisk="$(asterisk -V)".',
    ),
    click.option(
        "--target-from",
        "target_files",
        metavar="FILE",
        multiple=True,
        help="Take versions from the output of dpkg -l, rpm -qa, asterisk -V or kamailio -v.",
    ),
    click.option(
        "--language",
        type=click.Choice(LANGUAGES),
        help="The language of files whose name and content do not tell; read as they stand, also templates.",
    ),
    click.option(
        "-c",
        "--config",
        metavar="FILE",
        shell_complete=completion.paths,
        help="Settings file [the nearest .cfglint.yaml upwards].",
    ),
    click.option("--no-config", is_flag=True, help="Read no settings file."),
    click.option(
        "--overlay",
        metavar="TREE_FILE=OTHER_FILE",
        multiple=True,
        help="Judge the tree with one file's text replaced by another's.",
    ),
    click.option(
        "--archive",
        metavar="FILE",
        help="Read from a tar archive ('-': standard input) and nothing from this machine. PATHs lie in it.",
    ),
    click.option(
        "--template-vars",
        "variables",
        metavar="FILE",
        multiple=True,
        shell_complete=completion.paths,
        help="Render templates (.j2) with the variables of this YAML or JSON file. Repeatable.",
    ),
    click.option("--stdin-filename", metavar="FILE", help="With PATH '-': judge standard input as this file."),
    click.option(
        "--trust",
        metavar="DIR",
        multiple=True,
        help="Read and change files below DIR, too. Outside of PATHs only what everybody may read is read.",
    ),
    click.option(
        "--db",
        "database",
        metavar="URL",
        help="Read the tables of Kamailio's modules from this database, or with 'auto' from each module's own.",
    ),
    click.option(
        "--installed-at",
        metavar="DIR",
        help="The server's own configuration directory [/etc/asterisk]: what is included from below it is read from"
        " the tree.",
    ),
)

_SELECTION = (
    click.option(
        "--select",
        metavar="ID,...",
        multiple=True,
        shell_complete=completion.checks,
        help="Only these checks; beginnings of ids count, too.",
    ),
    click.option(
        "--ignore", metavar="ID,...", multiple=True, shell_complete=completion.checks, help="Not these checks."
    ),
)

_WITHIN = (
    click.option(
        "--within",
        metavar="DIR",
        help="Take PATHs as changed files, and judge every tree below DIR that reads one of them; for hooks.",
    ),
)

_OUTPUT = (
    click.option("-o", "--output", metavar="FILE", help="Write to a file instead of standard output."),
    click.option(
        "--color",
        type=click.Choice(("auto", "always", "never")),
        default="auto",
        help="[auto: on a terminal without NO_COLOR]",
    ),
    click.option("-q", "--quiet", is_flag=True, help="No summary."),
    click.option(
        "-v",
        "--verbose",
        is_flag=True,
        help="Say on standard error what is read, and what takes how long, in all processes.",
    ),
)


def with_input(function: Function) -> Function:
    """Adds the options that say what is read."""
    return decorate(function, _INPUT)


def with_selection(function: Function) -> Function:
    """Adds --select and --ignore."""
    return decorate(function, _SELECTION)


def with_within(function: Function) -> Function:
    """Adds --within."""
    return decorate(function, _WITHIN)


def with_output(function: Function) -> Function:
    """Adds the options that say where and how it is shown."""
    return decorate(function, _OUTPUT)


def decorate(function: Function, options: tuple[Any, ...]) -> Function:
    """Adds options to a command."""
    for option in reversed(options):
        function = option(function)
    return function


class Options(NamedTuple):
    """What the options of `with_input` and `with_selection` say."""

    targets: tuple[str, ...]
    target_files: tuple[str, ...]
    language: str | None
    config: str | None
    no_config: bool
    overlay: tuple[str, ...]
    archive: str | None
    stdin_filename: str | None
    trust: tuple[str, ...]
    installed_at: str | None
    database: str | None = None
    variables: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


class Input(NamedTuple):
    """What the arguments come to."""

    request: Request
    files: Files
    overlays: dict[str, str]
    settings: Settings

    @property
    def archived(self) -> bool:
        """Is an archive read in place of the disk?"""
        return self.files.archived


def read_input(paths: tuple[str, ...], **options: Any) -> Input:
    """Settings, targets, roots and files from the arguments."""
    given = Options(**options)
    make_files: Callable[[Mapping[str, str]], Files] = _archived(given.archive) if given.archive else Files
    replaced = overlays(given.overlay, make_files({}))
    if given.database is not None:
        _require_url(given.database)
    if given.stdin_filename is not None and "-" not in paths:
        raise UsageProblem("--stdin-filename goes with PATH '-'")
    if "-" in paths:
        if given.stdin_filename is None:
            raise UsageProblem("PATH '-' needs --stdin-filename, which tells where in the tree the text belongs")
        replaced[given.stdin_filename] = decode(sys.stdin.buffer.read())
        paths = tuple(given.stdin_filename if path == "-" else path for path in paths)
    if not paths:
        paths = tuple(path for path in DEFAULT_PATHS if make_files({}).leads_to_directory(path))
        if not given.archive:
            if not paths:
                raise NoInput("there is no /etc/asterisk and no /etc/kamailio here; name a directory or file")
            click.echo(f"cfglint: no PATH is given, so this is {' and '.join(paths)}", err=True)
        paths = paths or ("/",)
    if not given.archive:
        make_files = partial(Files, scope=Scope(paths, given.trust))
    files = make_files(replaced)
    settings = settings_for(paths[0], given, files)
    verify(given, settings)
    asked = request(roots(paths, files, settings, given.language), given, settings)
    return Input(asked._replace(files=make_files), files, replaced, settings)


def _require_url(database: str) -> None:
    from cfglint.data.sources import AUTO

    if database != AUTO and "://" not in database:
        raise UsageProblem(f"--db {database}: expected a URL such as mysql://user@host/kamailio, or '{AUTO}'")


def _archived(path: str) -> Callable[[Mapping[str, str]], Files]:
    from cfglint import archive

    snapshot = archive.read(path)
    return lambda overlays: archive.ArchivedFiles(snapshot, overlays)


def request(chosen: list[Root], given: Options, settings: Settings) -> Request:
    """A run over roots; what the command line says goes before the settings."""
    return Request(
        chosen,
        _targets(given, settings),
        _selection(given, settings),
        given.installed_at or settings.installed_at,
        given.database,
        settings.policy,
        variables=_variables(given.variables),
        verbatim=given.language is not None and not given.variables,
    )


def _variables(paths: tuple[str, ...]) -> dict[str, Any] | None:
    if not paths:
        return None
    from cfglint.templating.variables import read_variables

    return read_variables(paths)


def _targets(given: Options, settings: Settings) -> Targets:
    """By product: what the command line names, what stands in files that it names, what the settings say."""
    found = [parse_targets(given.targets)]
    if given.target_files:
        from cfglint.knowledge.banners import targets_in

        found += [targets_in(Files().read(path).text, path) for path in given.target_files]
    targets = settings.targets
    for first in reversed(found):
        targets = Targets(first.asterisk or targets.asterisk, first.kamailio or targets.kamailio)
    return targets


def settings_path(path: str, given: Options, files: Files) -> str | None:
    """The settings file that counts for a path and was not named on the command line."""
    return None if given.no_config or given.config else settings_file.find(path, files)


def settings_for(path: str, given: Options, files: Files) -> Settings:
    """The settings that count for a path; those that are named lie on this machine."""
    if given.config and not given.no_config:
        return settings_file.load(given.config, Files())
    found = settings_path(path, given, files)
    if found is None:
        return Settings()
    files.vouch(found)
    return settings_file.load(found, files)


def verify(given: Options, settings: Settings) -> None:
    """Raises `UsageProblem` where a check is selected or ignored that does not exist."""
    selection = _selection(given, settings)
    if selection.select or selection.ignore:
        from cfglint import registry

        selection.verify(registry.ids())


def _selection(given: Options, settings: Settings) -> Selection:
    return Selection(_split(given.select) or settings.select, _split(given.ignore) or settings.ignore)


def _split(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())
