"""Jinja2 as Ansible sets it up, with unknown values for what is not known, and with marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from jinja2 import nodes
from jinja2.filters import FILTERS as DEFAULT_FILTERS
from jinja2.loaders import FunctionLoader
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from jinja2.tests import TESTS as DEFAULT_TESTS

from cfglint.templating import ansible
from cfglint.templating.marking import Marker
from cfglint.templating.marks import ASSUMED, END
from cfglint.templating.unknown import Assumptions, Unknown, tainted

MAX_CHARACTERS = 16 * 1024**2
"""A rendered file may not be longer."""

MAX_DEPTH = 8
"""Values may name others, which name others, so deep."""

HEADER = re.compile(r"#jinja2:(?P<options>[^\n]*)\n?")
_DELIMITERS = frozenset(
    f"{kind}_{side}_string" for kind in ("block", "variable", "comment") for side in ("start", "end")
)
_SWITCHES = frozenset(("trim_blocks", "lstrip_blocks", "keep_trailing_newline"))

_TRANSPARENT = ("string", "safe", "trim", "mandatory", "int", "float")
"""Filters that leave an unknown value what it is."""


class TooLong(Exception):
    """More text than a configuration holds."""


def _joined(pieces: Iterable[Any]) -> str:
    """Pieces of text; a filter over a block may have made an unknown value of one."""
    return "".join(map(str, pieces))


class Values(Context):
    """A template's variables. As in Ansible, a value may be a template itself."""

    def resolve_or_missing(self, key: str) -> Any:
        """The value of a variable."""
        value = super().resolve_or_missing(key)
        environment: Any = self.environment
        return value if key in self.vars or key not in environment.variables else environment.resolved(value, key)


class Environment(SandboxedEnvironment):
    """Renders the templates among `files` (path to text)."""

    context_class = Values
    concat = staticmethod(_joined)

    def __init__(self, files: dict[str, str], variables: dict[str, Any], assumptions: Assumptions) -> None:
        super().__init__(
            trim_blocks=True,
            keep_trailing_newline=True,
            undefined=Unknown,
            extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
            loader=FunctionLoader(self._load),
            cache_size=0,
        )
        self.files, self.assumptions = files, assumptions
        self.variables = {**ansible.VARIABLES, **variables}
        self.numbers = {path: number for number, path in enumerate(files)}
        self._depth = 0
        self._consulted: list[int] = []
        filters = {**DEFAULT_FILTERS, **ansible.FILTERS}
        tests = {**DEFAULT_TESTS, **ansible.TESTS}
        self.filters: dict[str, Callable[..., Any]] = {
            name: self._careful(name, function) for name, function in filters.items()
        }
        self.tests: dict[str, Callable[..., Any]] = {
            name: self._careful_test(name, function) for name, function in tests.items()
        }
        self.filters["default"] = self.filters["d"] = _default
        self.tests["defined"] = _is_defined
        self.tests["undefined"] = lambda value: not _is_defined(value)
        self.globals["range"] = self._careful("range", self.globals["range"])
        del self.globals["lipsum"]

    def render_file(self, path: str) -> str:
        """The text with marks. Raises what Jinja2 does, and `TooLong`."""
        header = HEADER.match(self.files[path])
        environment: Any = self.overlay(**_options(header["options"])) if header is not None else self
        self._consulted.clear()
        pieces, length = [], 0
        for piece in map(str, environment.get_template(path).generate(self.variables)):
            pieces.append(piece)
            length += len(piece)
            if length > MAX_CHARACTERS:
                raise TooLong
        return "".join(pieces)

    # ------------------------------------------------------------------------------------------------------- loading

    def _load(self, name: str) -> tuple[str, str | None, None]:
        """A template by its path, or by the end of it: where it is looked for, only the one who renders it knows."""
        found = [path for path in self.files if path == name or path.endswith(f"/{name}")]
        if not found:
            return f"{{{{ included({name!r}) }}}}", None, None
        path = min(found, key=len)
        return HEADER.sub("", self.files[path], count=1), path, None

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(nodes.Filter):
            self.filters.setdefault(node.name, self._made_up(node.name))
        for test in tree.find_all(nodes.Test):
            self.tests.setdefault(test.name, self._made_up_test(test.name))
        if filename is None:
            return tree  # what stands in a value, or is not there
        shift = len(self.files[filename]) - len(source)
        tokens = self.lexer.tokeniter(source, name, filename)
        marked: nodes.Template = Marker(self.numbers[filename], shift, source, tokens).visit(tree)
        return marked

    def resolved(self, value: Any, label: str) -> Any:
        """A variable's value with those put in that it names."""
        if isinstance(value, str) and ("{{" in value or "{%" in value):
            if self._depth == MAX_DEPTH:
                return Unknown.of(label)
            self._depth += 1
            try:
                return self.from_string(value).render(self.variables)
            except Exception:  # noqa: BLE001 - whatever it is, nobody knows the value
                return Unknown.of(label)
            finally:
                self._depth -= 1
        if isinstance(value, dict):
            return {key: self.resolved(item, f"{label}.{key}") for key, item in value.items()}
        if isinstance(value, list):
            return [self.resolved(item, f"{label}[{number}]") for number, item in enumerate(value)]
        return value

    # ------------------------------------------------------------------------------------------------ unknown values

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What stands behind a dot; an unknown value's own workings are nobody's business."""
        return obj.attribute(attribute) if isinstance(obj, Unknown) else super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """What stands in brackets."""
        return obj[argument] if isinstance(obj, Unknown) else super().getitem(obj, argument)

    def begin(self) -> str:
        """An expression begins. (Called by marked templates.)"""
        self._consulted.append(self.assumptions.consulted)
        return ""

    def end(self) -> str:
        """An expression ends: by marks, whether it took more than what is known."""
        assumed = self._consulted.pop() != self.assumptions.consulted
        return (ASSUMED if assumed else "") + END

    def apart(self, items: Any, size: int) -> Any:
        """What a loop goes through that takes each item apart."""
        if isinstance(items, (Unknown, list, tuple)):
            return [tuple(item[n] for n in range(size)) if isinstance(item, Unknown) else item for item in items]
        return items

    # ----------------------------------------------------------------------------------------------- filters and tests

    def _careful(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A filter that makes unknown values of unknown ones."""

        @wraps(function)
        def careful(*arguments: Any, **options: Any) -> Any:
            unknown = [value for value in (*arguments, *options.values()) if tainted(value)]
            if not unknown:
                return function(*arguments, **options)
            if name in _TRANSPARENT:
                return unknown[0]
            return Unknown.of(_written(name, arguments, options))

        return careful

    def _careful_test(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def careful(*arguments: Any) -> Any:
            if name in ("eq", "ne", "equalto", "==", "!="):
                return function(*arguments)  # an unknown value tells of itself what it equals
            return self._made_up_test(name)(*arguments) if any(map(tainted, arguments)) else function(*arguments)

        return careful

    def _made_up(self, name: str) -> Callable[..., Any]:
        """A filter of Ansible's, say, of which nobody knows what it makes."""

        def made_up(*arguments: Any, **options: Any) -> Any:
            return Unknown.of(_written(name, arguments, options))

        return made_up

    def _made_up_test(self, name: str) -> Callable[..., bool]:
        def made_up(*arguments: Any, **options: Any) -> bool:
            return self.assumptions.ask(_written(name, arguments, options))

        return made_up


def _default(value: Any, default_value: Any = "", boolean: bool = False) -> Any:
    if isinstance(value, Unknown):
        return value if value.is_defined() else default_value
    return default_value if boolean and not value else value


def _is_defined(value: Any) -> bool:
    return value.is_defined() if isinstance(value, Unknown) else True


def _written(name: str, arguments: tuple[Any, ...], options: dict[str, Any]) -> str:
    """A call as text; what Jinja2 itself hands over is left out."""
    shown = [repr(value) for value in arguments if not isinstance(value, (SandboxedEnvironment, Context))]
    shown += [f"{key}={value!r}" for key, value in options.items()]
    return f"{name}({', '.join(shown)})"


def _options(text: str) -> dict[str, Any]:
    """What Ansible's first line of a template may set, as ``trim_blocks: False, lstrip_blocks: True``."""
    found: dict[str, Any] = {}
    for item in text.split(","):
        name, _, value = (part.strip() for part in item.partition(":"))
        if name in _SWITCHES:
            found[name] = value.lower() in ("true", "yes", "1")
        elif name in _DELIMITERS and value.strip("'\""):
            found[name] = value.strip("'\"")
    return found
