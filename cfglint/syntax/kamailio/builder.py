"""Makes the nodes: a method for each action that ``grammars/kamailio.lark`` names."""

# ruff: noqa: D102 - the grammar says when each action is taken

from __future__ import annotations

from typing import Any

from cfglint.syntax.kamailio import items, nodes
from cfglint.syntax.kamailio.tokens import Number, Token, Word
from cfglint.syntax.kamailio.words import ADVERTISED_PROTOCOL, LOADMODULE_PARENTHESES, PORT_RANGE, Version


class Builder:
    """Turns the children of a rule into its value; `newer` notes constructs that only newer versions have."""

    def __init__(self) -> None:
        self.newer: list[tuple[Token, Version, str]] = []

    # lists: lone semicolons are left out

    def first(self, c: list[Any]) -> list[Any]:
        return c if type(c[0]) is not nodes.Empty else []

    def more(self, c: list[Any]) -> list[Any]:
        values: list[Any] = c[0]
        if type(c[-1]) is not nodes.Empty:
            values.append(c[-1])
        return values

    nothing = staticmethod(nodes.Empty)

    # words that are made of several tokens: addresses, networks, hosts

    def word(self, c: list[Any]) -> Token:
        return _joined(c)

    def negative(self, c: list[Any]) -> Token:
        return Number("NUMBER", c[0].start, c[1].end, "-" + c[1].text, c[0].home)

    # top level

    parameter = staticmethod(items.Parameter)
    callback = staticmethod(items.Callback)
    core_parameter = staticmethod(items.CoreParameter)
    alias = staticmethod(items.Alias)
    listen = staticmethod(items.Listen)
    socket = staticmethod(items.SocketBlock)
    custom = staticmethod(items.CustomParameter)
    flag_list = staticmethod(items.FlagList)
    numbered_flag = staticmethod(items.Flag)
    module_parameter = staticmethod(items.ModuleParameter)
    path = staticmethod(items.PathSetting)
    substitution = staticmethod(items.Substitution)
    route = staticmethod(items.Route)
    address_list = staticmethod(items.AddressList)
    attribute = staticmethod(items.SocketAttribute)

    def load_module(self, c: list[Any]) -> items.LoadModule:
        if len(c) > 2:
            self.newer.append((c[1], LOADMODULE_PARENTHESES, "parentheses behind loadmodule"))
        return items.LoadModule(c)

    def named_route(self, c: list[Any]) -> items.Route:
        return items.Route(c)

    def socket_address(self, c: list[Any]) -> items.SocketAddress:
        return items.SocketAddress(c, None, c[0], None)

    def socket_address_port(self, c: list[Any]) -> items.SocketAddress:
        return items.SocketAddress(c, None, c[0], c[2])

    def protocol_address(self, c: list[Any]) -> items.SocketAddress:
        return items.SocketAddress(c, c[0], c[2], None)

    def protocol_address_port(self, c: list[Any]) -> items.SocketAddress:
        return items.SocketAddress(c, c[0], c[2], c[4])

    def no_options(self, c: list[Any]) -> list[Any]:
        return []

    def options(self, c: list[Any]) -> list[Any]:
        return c

    def protocol_options(self, c: list[Any]) -> list[Any]:
        self.newer.append((c[1], ADVERTISED_PROTOCOL, "a protocol behind advertise"))
        return c

    def protocol_attribute(self, c: list[Any]) -> items.SocketAttribute:
        self.newer.append((c[2], ADVERTISED_PROTOCOL, "a protocol behind advertise"))
        return items.SocketAttribute(c)

    def port_range(self, c: list[Any]) -> items.SocketAttribute:
        self.newer.append((c[-2], PORT_RANGE, "a range of ports"))
        return items.SocketAttribute(c)

    # statements

    block = staticmethod(nodes.Block)
    assignment = staticmethod(nodes.Assignment)
    return_statement = staticmethod(nodes.Return)
    while_statement = staticmethod(nodes.While)
    switch_statement = staticmethod(nodes.Switch)
    empty_switch = staticmethod(nodes.Switch)
    case = staticmethod(nodes.Case)

    def terminated(self, c: list[Any]) -> nodes.Statement:
        statement: nodes.Statement = c[0]
        statement.stop = c[1].end
        return statement

    def if_statement(self, c: list[Any]) -> nodes.If:
        return nodes.If(c, [nodes.Branch(c)], None)

    def if_else(self, c: list[Any]) -> nodes.If:
        branch, other = nodes.Branch(c[:3]), c[4]
        if type(other) is nodes.If:
            other.branches.insert(0, branch)
            return nodes.If(c, other.branches, other.otherwise)
        return nodes.If(c, [branch], other)

    def stray_block(self, c: list[Any]) -> nodes.Block:
        block: nodes.Block = c[1]
        return block

    # expressions

    parenthesis = staticmethod(nodes.Parenthesis)
    function = staticmethod(nodes.Function)
    attribute_value = staticmethod(nodes.AttributeValue)

    def prefixed(self, c: list[Any]) -> nodes.Prefixed:
        operand = c[1]
        return operand.behind(c[0]) if type(operand) is nodes.Prefixed else nodes.Prefixed(c)

    def operation(self, c: list[Any]) -> nodes.Expression:
        left = c[0]
        if type(left) is nodes.Expression:
            left.items += c[1:]
            right = c[2]
            if left.home is right.home:
                left.end = right.end
                return left
            return nodes.Expression(left.items)
        return nodes.Expression(c)

    test = staticmethod(nodes.CoreTest)

    # calls

    def call(self, c: list[Any]) -> nodes.Call:
        return nodes.Call(c, c[-2] if isinstance(c[-2], list) else [])

    def command(self, c: list[Any]) -> nodes.Call:
        return nodes.Call(c, c[2:-1:2])


def _joined(parts: list[Any]) -> Token:
    """One word made of several tokens."""
    first, last = parts[0], parts[-1]
    text = "".join(part.text for part in parts)
    end = last.end if first.home.source is last.home.source else first.end
    return Word("WORD", first.start, end, text, first.home)
