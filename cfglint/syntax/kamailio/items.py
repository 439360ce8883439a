"""The items of a Kamailio configuration: what stands outside of routing blocks, and the blocks themselves."""

from __future__ import annotations

from typing import Any

from cfglint.syntax.kamailio.nodes import Block, Node
from cfglint.syntax.kamailio.tokens import Number, String, Token


class Parameter(Node):
    """``word = value``; the value is a leaf."""

    __slots__ = ("value", "word")
    parts = ("value",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.word: Token = c[0]
        self.value: Token = c[2]

    @property
    def name(self) -> str:
        """The parameter's name as written: some have several."""
        return self.word.text


class Callback(Node):
    """``kemi.word = "name"``."""

    __slots__ = ("value", "word")
    parts = ("value",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.word: Token = c[2]
        self.value: String = c[4]


class CoreParameter(Node):
    """``coreparam[name] = value``."""

    __slots__ = ("name", "value")
    parts = ("name", "value")

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.name: Token = c[2]
        self.value: Token = c[5]


class CustomParameter(Node):
    """``group.field = value desc "text"`` or ``group[index].field = value``."""

    __slots__ = ("description", "field", "group", "index", "value")
    parts = ("group", "index", "field", "value", "description")

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.group: Token = c[0]
        indexed = c[1].type == "LBRACKET"
        self.index: Number | None = c[2] if indexed else None
        self.field: Token = c[5 if indexed else 2]
        self.value: Token = c[7 if indexed else 4]
        self.description: String | None = c[6] if not indexed and len(c) > 5 else None


class SocketAddress(Node):
    """``protocol:address:port``; `addresses` are several only in parentheses."""

    __slots__ = ("addresses", "port", "protocol")
    parts = ("addresses", "port")

    def __init__(self, c: list[Any], protocol: Token | None, address: Any, port: Token | None) -> None:
        super().__init__(c)
        self.protocol = protocol
        self.addresses: list[Token] = address.addresses if isinstance(address, AddressList) else [address]
        self.port = port


class AddressList(Node):
    """``(address, address)``: the addresses of one interface."""

    __slots__ = ("addresses",)
    parts = ("addresses",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.addresses: list[Token] = c[1]


class Listen(Node):
    """``listen = sockets advertise ... name "..." virtual``."""

    __slots__ = ("advertise", "advertise_port", "advertise_protocol", "name", "sockets", "virtual")
    parts = ("sockets", "advertise", "advertise_port", "name")

    def __init__(self, c: list[Any]) -> None:
        super().__init__([c[0], *c[2], *c[3]])
        self.sockets: list[SocketAddress] = c[2]
        self.advertise: Token | None = None
        self.advertise_port: Token | None = None
        self.advertise_protocol: Token | None = None
        self.name: Token | None = None
        self.virtual: Token | None = None
        options = list(c[3])
        while options:
            word = options.pop(0)
            if word.type == "VIRTUAL":
                self.virtual = word
            elif word.type == "NAME":
                self.name = options.pop(0)
            elif word.type == "ADVERTISE":
                self.advertise = options.pop(0)
                if self.advertise.type in ("PROTOCOL", "WEB_PROTOCOL"):
                    self.advertise_protocol = self.advertise
                    self.advertise = options[1]
                    del options[:2]
            elif word.type == "COLON":
                self.advertise_port = options.pop(0)


class Alias(Node):
    """``alias = sockets`` or ``domain = sockets``: names that are this server's own."""

    __slots__ = ("sockets", "word")
    parts = ("sockets",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__([c[0], *c[2]])
        self.word: Token = c[0]
        self.sockets: list[SocketAddress] = c[2]


class SocketAttribute(Node):
    """``word = values`` in a socket block; `values` are all tokens behind the equals sign."""

    __slots__ = ("values", "word")
    parts = ("values",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.word: Token = c[0]
        self.values: list[Token] = c[2:]


class SocketBlock(Node):
    """``socket = { ... }``."""

    __slots__ = ("attributes",)
    parts = ("attributes",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.attributes: list[SocketAttribute] = c[3]


class Flag(Node):
    """``name:number`` in a list of flags."""

    __slots__ = ("name", "number")
    parts = ("name", "number")

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.name: Token = c[0]
        self.number: Token = c[2]


class FlagList(Node):
    """``flags A:1, B`` or ``avpflags A``."""

    __slots__ = ("flags", "word")
    parts = ("flags",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__([c[0], *c[1]])
        self.word: Token = c[0]
        self.flags: list[Token | Flag] = c[1]


class LoadModule(Node):
    """``loadmodule "name"``, ``loadmodulex("name", "options")``."""

    __slots__ = ("module", "options", "word")
    parts = ("module", "options")

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.word: Token = c[0]
        self.module: String = c[1] if len(c) == 2 else c[2]
        self.options: String | None = c[4] if len(c) > 4 else None


class ModuleParameter(Node):
    """``modparam("modules", "name", value)``; the first argument is a regular expression."""

    __slots__ = ("module", "name", "value", "word")
    parts = ("module", "name", "value")

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.word: Token = c[0]
        self.module: String = c[2]
        self.name: String = c[4]
        self.value: Token = c[6]


class PathSetting(Node):
    """``loadpath "..."``, ``mpath = "..."``, ``cfgengine "..."``."""

    __slots__ = ("value", "word")
    parts = ("value",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.word: Token = c[0]
        self.value: String = c[-1]


class Substitution(Node):
    """``#!subst``, ``#!substdef`` or ``#!substdefs`` with its rule."""

    __slots__ = ("value", "word")
    parts = ("value",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.word: Token = c[0]
        self.value: String = c[1]


class Route(Node):
    """A routing block. `name` is None for the one block of its kind that has no name."""

    __slots__ = ("block", "name_token", "word")
    parts = ("name_token", "block")

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.word: Token = c[0]
        self.name_token: Token | None = c[2] if len(c) > 2 else None
        self.block: Block = c[-1]

    @property
    def kind(self) -> str:
        """``request_route``, ``reply_route``, ``route`` (with a name), ``failure_route``, ``event_route``, ...;
        ``route`` and ``onreply_route`` without a name, or with the name 0, are the first two."""
        word = self.word.text
        if self.name is None:
            return {"route": "request_route", "onreply_route": "reply_route"}.get(word, word)
        return word

    @property
    def name(self) -> str | None:
        """The name, unquoted; None for a block without one, and for ``[0]``, which is the same."""
        token = self.name_token
        if token is None or (token.type == "NUMBER" and isinstance(token, Number) and token.value == 0):
            return None
        return token.value if isinstance(token, String) else token.text


class File:
    """The items of a configuration, in the order the server reads them."""

    __slots__ = ("items",)

    def __init__(self, items: list[Node]) -> None:
        self.items = items
