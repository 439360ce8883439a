"""The names that are defined while a Kamailio configuration is read (core/ppcfg.c, core/cfg.lex:pp_define)."""

from __future__ import annotations

from collections.abc import Mapping

from cfglint.resolve.kamailio import problems as kinds
from cfglint.resolve.kamailio.problems import ABORTS, IGNORED, Log, Remark
from cfglint.syntax.kamailio.lexer import reserved_words
from cfglint.syntax.kamailio.tokens import Definition, String
from cfglint.syntax.kamailio.words import WORDS, Version

MAX_DEFINES = 512

_MODULE_NAMES = {"ss7ops": "ss7", "print": "print_stdout", "print_lib": "print_stderr"}
"""Modules that call themselves otherwise than their file: ``MOD_`` takes the name of the module."""


class Names:
    """The defines, and which of the names met mean something else in another version."""

    def __init__(self, version: Version, arguments: Mapping[str, str | None], log: Log) -> None:
        self.defines: dict[str, Definition] = {}
        self.definitions: list[Definition] = []
        """Every define that took effect, in order."""
        self.decisions: set[str] = set()
        """Words, directives and names met whose meaning depends on the version."""
        self._log = log
        self._words = reserved_words(version)
        major, minor = version
        values = {
            f"KAMAILIO_{major}": None,
            f"KAMAILIO_{major}_{minor}": None,
            "KAMAILIO_VERSION": str(major * 1_000_000 + minor * 1_000),
            "OS_NAME": '"linux"',
        }  # pp_define_core; the release is not known
        for name, value in values.items():
            self.defines[name] = Definition(name, value, "predefined")
        for name, value in arguments.items():
            self.defines[name] = Definition(name, value, "argument")

    def define(self, definition: Definition, directive: str = "define") -> bool:
        """Enter a define (core/ppcfg.c:pp_define); returns whether it stands."""
        name = definition.name
        known = self.defines.get(name)
        if name in WORDS:
            self.decisions.add(name)
        if known is not None:
            if directive == "trydefine":
                return False
            if directive != "redefine":
                self.consult(name)
                remarks = (Remark(known.place, "first defined here"),) if known.place else ()
                self._log.add(kinds.REDEFINED, definition.place, ABORTS, name, remarks)
                return False
        elif len(self.defines) >= MAX_DEFINES:
            self._log.add(kinds.TOO_MANY_DEFINES, definition.place, ABORTS, name)
            return False
        elif name in self._words and definition.place is not None and definition.kind != "module":
            self._log.add(kinds.RESERVED_DEFINE, definition.place, IGNORED, name)
        self.defines[name] = definition
        self.definitions.append(definition)
        return True

    def is_defined(self, name: str) -> bool:
        """Is a name defined at this point?"""
        self.consult(name)
        return name in self.defines

    def consult(self, name: str) -> None:
        """Note that the configuration asks for a name."""
        if name.startswith("KAMAILIO_"):
            self.decisions.add(name)

    def value_of(self, name: str) -> str | int:
        """What a name is worth in an expression (core/ppcfg.c:pp_snexpr_defval)."""
        if not self.is_defined(name):
            return 0
        value = self.defines[name].value
        if value is None:
            return 1
        return value[1:-1] if len(value) > 1 and value[0] in "\"'" and value[0] == value[-1] else value

    def loaded(self, token: String) -> None:
        """``MOD_name`` is defined as soon as the module is loaded (core/sr_module.c)."""
        name = token.value.rpartition("/")[2].removesuffix(".so")
        name = "MOD_" + _MODULE_NAMES.get(name, name)
        if name in self.defines and self.defines[name].kind == "module":
            return  # loaded twice, which is another problem
        self.define(Definition(name, None, "module", token.place))
