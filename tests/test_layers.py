"""Which room may use which: the house as CONTRIBUTING describes it, held against every import there is."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

ALLOWED = {
    "namedtuples": "",
    "errors": "",
    "numerals": "",
    "regexes": "",
    "scope": "",
    "source": "",
    "edits": "source",
    "findings": "source edits",
    "check": "edits findings",
    "files": "source errors scope",
    "archive": "errors files source",
    "secrets": "edits knowledge source",
    "writing": "files errors",
    "syntax": "source errors numerals",
    "resolve": "syntax files regexes source errors",
    "knowledge": "errors regexes",
    "data": "files errors numerals source",
    "model": "data syntax resolve knowledge edits files errors numerals source",
    "notices": "",
    "fingerprint": "findings secrets source",
    "suppress": "findings notices source",
    "registry": "check errors knowledge.names notices",
    "documentation": "",
    "symptoms": "documentation registry",
    "policy": "findings registry",
    "yamlfile": "edits errors files source",
    "settings": "errors files findings knowledge policy registry source yamlfile",
    "templating": "errors files findings source yamlfile",
    "discover": "settings files errors templating.detection",
    "affected": "discover errors files resolve.globs settings templating.detection",
    "trees": "discover errors files findings knowledge model source",
    "engine": "discover edits errors files findings knowledge notices policy registry secrets source suppress trees",
    "fixing": "edits engine errors findings source templating.detection trees",
    "witness": "errors files source",
    "record": "edits engine findings secrets source trees witness",
    "cache": "",
    "workers": "record",
    "survey": "affected discover files templating.detection trees",
    "estate": "cache engine errors files findings record rendered survey templating.detection trees witness workers",
    "tally": "engine findings",
    "rendered": "discover engine errors files findings fixing policy source templating",
    "bugreport": "secrets source",
    "baseline": "edits engine errors files findings fingerprint knowledge.names notices policy source yamlfile",
    "comparison": "findings fingerprint",
    "revision": "errors files scope source",
    "dismissal": "comparison edits engine errors files findings policy settings source suppress yamlfile",
    "demonstration": "check discover engine files knowledge registry settings",
    "simulate": "data model regexes knowledge numerals resolve secrets syntax errors source",
    "tracing": "engine errors files findings model secrets simulate source trees",
    "remedies": "engine edits files findings simulate source tracing",
    "admission": "engine edits files findings fixing model simulate tracing trees",
    "upgrade": "admission comparison engine errors files findings knowledge model simulate tracing trees",
    "evidence": "documentation engine findings model simulate source symptoms tracing",
    "render": "admission check demonstration documentation engine evidence findings fingerprint edits knowledge notices"
    " registry remedies secrets simulate source symptoms syntax resolve tally tracing upgrade",
    "cli": "admission affected archive baseline bugreport comparison data discover dismissal edits engine errors estate"
    " files findings fixing knowledge notices registry remedies render rendered revision scope settings simulate source"
    " symptoms tally templating tracing trees upgrade writing yamlfile",
    "__main__": "cli",
    "__init__": "",
}
"""Room to the rooms it may import from, besides itself and what belongs to everybody."""

EVERYBODYS = ("__version__", "namedtuples.NamedTuple")

OUTSIDE = {
    "syntax": {"lark"},
    "yamlfile": {"ruamel"},
    "cli": {"click"},
    "data": {"sqlalchemy"},
    "templating": {"jinja2"},
}
"""Packages that are not Python's own, and the only rooms that may import them."""

FOR_CHECKS = "check edits findings numerals source model simulate knowledge resolve syntax secrets"
"""What the checks may import from; each other only within their family."""


def modules() -> Iterator[tuple[str, Path]]:
    """Room and file of every module."""
    for path in sorted((ROOT / "cfglint").rglob("*.py")):
        yield path.relative_to(ROOT / "cfglint").with_suffix("").parts[0], path


MODULES = [pytest.param(room, path, id=str(path.relative_to(ROOT))) for room, path in modules()]
CHECKS = [pytest.param(path, id=str(path.relative_to(ROOT))) for path in sorted((ROOT / "checks").rglob("*.py"))]


def imports(path: Path, nodes: list[ast.stmt] | None = None) -> Iterator[str]:
    """Full names of everything that is imported, anywhere in a file or only by `nodes`; but not for type checkers."""
    tree = ast.parse(path.read_text())
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree) if nodes is None else nodes:
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 or path.is_relative_to(ROOT / "checks"), "cfglint's own imports are absolute"
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def is_room_of(name: str, allowed: str) -> bool:
    """Does a name below ``cfglint.`` lie in one of the rooms, or belong to everybody?"""
    return name in EVERYBODYS or any(name == room or name.startswith(f"{room}.") for room in allowed.split())


@pytest.mark.parametrize(("room", "path"), MODULES)
def test_a_room_uses_only_what_it_may(room: str, path: Path) -> None:
    assert room in ALLOWED, "a new room: say here and in CONTRIBUTING what it may use"
    inside = [name.partition(".")[2] for name in imports(path) if name.partition(".")[0] == "cfglint"]
    assert [name for name in inside if not is_room_of(name, f"{ALLOWED[room]} {room}")] == []


@pytest.mark.parametrize(("room", "path"), MODULES)
def test_other_packages_stay_in_their_rooms(room: str, path: Path) -> None:
    names = {name.partition(".")[0] for name in imports(path)} - {"cfglint"}
    assert names - sys.stdlib_module_names <= OUTSIDE.get(room, set())


@pytest.mark.parametrize(("room", "path"), MODULES)
def test_nothing_imports_the_checks(room: str, path: Path) -> None:
    assert [name for name in imports(path) if name.startswith("cfglint.checks")] == []


@pytest.mark.parametrize("path", CHECKS)
def test_checks_use_only_what_they_may(path: Path) -> None:
    for name in imports(path):
        package, _, inner = name.partition(".")
        if package == "":
            assert not inner.startswith("."), "a check knows only its own family"
        elif package == "cfglint":
            assert is_room_of(inner, FOR_CHECKS), name
        else:
            assert package in sys.stdlib_module_names, name


def test_the_table_has_no_circles() -> None:
    """Rooms can be put in an order in which each uses only earlier ones."""
    left, done = {room: {name.partition(".")[0] for name in used.split()} for room, used in ALLOWED.items()}, set[str]()
    while left:
        ready = {room for room, used in left.items() if used <= done}
        assert ready, f"a circle among {sorted(left)}"
        done |= ready
        for room in ready:
            del left[room]


def test_no_room_of_the_table_is_missing() -> None:
    assert {room for room, _ in modules()} == set(ALLOWED)


def test_commands_import_renderers_when_they_are_needed() -> None:
    for room, path in modules():
        if room == "cli":
            top = list(imports(path, ast.parse(path.read_text()).body))
            rendering = [name for name in top if name.startswith("cfglint.render.")]
            assert all(name.startswith("cfglint.render.printable.") for name in rendering), path


# ------------------------------------------------------------------------------------------------------------ start-up

RUN = """
import sys
{before}
# What finds an editable package has loaded some of what is looked for: an installed one has not.
for name in {slow!r}:
    for loaded in [other for other in sys.modules if other == name or other.startswith(name + ".")]:
        del sys.modules[loaded]
known = set(sys.modules)
sys.argv = ["cfglint", *{arguments!r}]
import cfglint.__main__  # which ends the process at once, so that what it calls is called here
from cfglint.cli import cli
try:
    cli(prog_name="cfglint")
except SystemExit as error:
    assert error.code in (0, None), error.code
sys.stderr.write(" ".join(sorted(set(sys.modules) - known)))
"""


def loaded(before: str, *arguments: str) -> set[str]:
    """The modules that a command loads which were not there before."""
    code = RUN.format(before=before, slow=sorted(SLOW | STRANGE), arguments=arguments)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def test_the_version_needs_nothing_but_click() -> None:
    found = loaded("import click", "--version")
    assert {name for name in found if not name.startswith("cfglint")} <= {"gc", "locale", "_locale"}
    assert {name for name in found if name.startswith("cfglint")} <= {
        "cfglint",
        "cfglint.__main__",
        "cfglint.cli",
        "cfglint.errors",
    }


SLOW = {
    "ruamel",
    "json",
    "difflib",
    "hashlib",
    "importlib.resources",
    "importlib.metadata",
    "dataclasses",
    "pathlib",
    "tempfile",
}
STRANGE = {"ipaddress", "urllib", "http", "shlex"}
"""What a script of Kamailio's does without, too."""


@pytest.mark.parametrize(
    ("name", "text", "allowed"),
    [
        ("extensions.conf", "[general]\n", set[str]()),
        ("sip.conf", "[general]\n", {"json"}),  # what is known of options is JSON
        ("pjsip.conf", "[global]\ntype=global\n", {"json"}),
    ],
)
def test_checking_a_clean_file_loads_little(tmp_path: Path, name: str, text: str, allowed: set[str]) -> None:
    (tmp_path / name).write_text(text)
    # Not -q: click imports difflib for every short option.
    found = loaded("import click", "check", str(tmp_path / name), "--quiet")
    assert {slow for slow in SLOW - allowed if any(n == slow or n.startswith(f"{slow}.") for n in found)} == set()
    strangers = {n.partition(".")[0] for n in found} - sys.stdlib_module_names - {"cfglint"}
    assert strangers == set()


REGISTRAR = """loadmodule "sl.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
request_route {
    if (method == "REGISTER") {
        save("location");
        exit;
    }
    if (!lookup("location")) sl_send_reply("404", "Not Found");
}
"""


def test_asking_a_simulated_kamailio_loads_little(tmp_path: Path) -> None:
    """Checks simulate calls; a clean script costs neither a parser of its grammar nor what few requests need."""
    (tmp_path / "kamailio.cfg").write_text(REGISTRAR)
    found = loaded("import click", "check", str(tmp_path / "kamailio.cfg"), "--quiet")
    assert "cfglint.simulate.kamailio.probes" in found
    slow = SLOW - {"json"} | STRANGE | {"lark", "cfglint.resolve.asterisk"}
    slow |= {"cfglint.simulate.kamailio.remedy", "cfglint.simulate.kamailio.visitors"}
    assert found & slow == set()


def test_the_tables_are_ready(tmp_path: Path) -> None:
    """No run analyses a grammar."""
    (tmp_path / "sip.conf").write_text("[general]\n")
    found = loaded("import click", "check", str(tmp_path), "--quiet")
    assert "cfglint.syntax.tables_asterisk" in found
    assert "cfglint.grammars" in found, "its text is read for the stamp only"
