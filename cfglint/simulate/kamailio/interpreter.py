"""Runs the statements of a script as core/action.c does: return codes, ``exit``, ``drop``, ``return`` and ``break``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cfglint.knowledge.versions import Version
from cfglint.simulate.answer import Passage, shown
from cfglint.simulate.kamailio import expressions, variables
from cfglint.simulate.kamailio.arguments import Arguments
from cfglint.simulate.kamailio.regex import BadPattern, Untold, compiled
from cfglint.simulate.kamailio.values import Abandoned, Unknown, Value, name_of, text_of
from cfglint.source import Place
from cfglint.syntax.kamailio.nodes import (
    Assignment,
    AttributeValue,
    Block,
    Call,
    If,
    Parenthesis,
    Return,
    Statement,
    Switch,
    While,
)
from cfglint.syntax.kamailio.tokens import Number, String, Token, Variable, Word

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.run import Run

GOES_ON, BREAK, RETURN, EXIT = range(4)
"""What the last statement asks for."""

ERROR = -1
MAX_LEVELS = 256
"""So deep blocks and routes may nest (max_recursive_level)."""
MAX_LOOPS = 100
"""How often a loop runs at most (max_while_loops)."""
RETURN_0_ENDS = ((5, 4, 8), (5, 5, 4), (5, 6, 0))
"""From these releases of their branches on ``return 0`` in a route ends the script. A branch named without a release
stands for its last one, but 5.4 for 5.4.4, which distributions still carry and which was recorded."""


class Interpreter:
    """Runs the blocks of one message."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._flow = GOES_ON
        self._levels = 0
        self._open: list[int] = []
        """The statements that are not finished, the outermost first."""
        self._routes: list[str] = []
        """The blocks that are not finished, in words."""
        self.last_route = ""
        """The block that the last statement was in."""
        self._inside = 0
        """How many expressions are half evaluated."""

    # ---------------------------------------------------------------------------------------------------------- blocks

    def routes(self, kind: str, name: str = "") -> bool:
        """Run the blocks of a kind and name from the start; False where there are none."""
        blocks = self._run.setup.routes.get((kind, name))
        if blocks is None:
            return False
        before = self._run.kind
        self._run.kind, self._flow = kind, GOES_ON
        with self._passing(f"{kind}[{name}]" if name else kind):
            for block in blocks:
                self.block(block)
                if self._flow != GOES_ON:
                    break
        self._run.kind, self._flow = before, GOES_ON
        return True

    @contextmanager
    def _passing(self, name: str) -> Iterator[None]:
        """Note the way into a block."""
        self._run.passages.append(Passage(self.route, name, self._run.here if self._routes else None))
        self._routes.append(name)
        try:
            yield
        finally:
            self._routes.pop()

    @property
    def route(self) -> str:
        """The block that runs, in words; empty for none."""
        return self._routes[-1] if self._routes else ""

    def aside(self, kind: str, name: str) -> bool:
        """Run the blocks of a kind and name beside what runs; False where there are none."""
        flow, here, code = self._flow, self._run.here, self._run.code
        found = self.routes(kind, name)
        self._flow, self._run.here, self._run.code = flow, here, code
        return found

    def block(self, body: Statement, guard: Place | None = None) -> Value:
        """The code of the last statement that ran (core/action.c:run_actions)."""
        run = self._run
        self._levels += 1
        run.guards.append(guard)
        depth, run.depth = run.depth, 0
        self._inside += depth > 0
        try:
            if self._levels > MAX_LEVELS:
                run.say(f"blocks and routes nest more than {MAX_LEVELS} deep: the server does not go in")
                return ERROR
            statements = body.statements if isinstance(body, Block) else [body]
            code: Value = 1
            for statement in statements:
                code = self._statement(statement)
                if self._flow != GOES_ON:
                    break
            return code
        finally:
            self._levels -= 1
            run.guards.pop()
            run.depth = depth
            self._inside -= depth > 0

    def _statement(self, statement: Statement) -> Value:
        run = self._run
        run.budget.spend()
        run.here, self.last_route = statement.place, self.route
        self._open.append(id(statement))
        try:
            if run.path.may_merge and run.may_merge and not self._inside:
                state = run.state()
                if state is not None:
                    run.path.arrive((tuple(self._open), state))
            return self._executed(statement)
        finally:
            self._open.pop()

    def _executed(self, statement: Statement) -> Value:
        if isinstance(statement, Call):
            return self.call(statement)
        if isinstance(statement, If):
            return self._if(statement)
        if isinstance(statement, Assignment):
            return self.assign(statement)
        if isinstance(statement, Return):
            return self._return(statement)
        if isinstance(statement, While):
            return self._while(statement)
        if isinstance(statement, Switch):
            return self._switch(statement)
        return self.block(statement) if isinstance(statement, Block) else 1

    def _if(self, statement: If) -> Value:
        for branch in statement.branches:
            place = branch.condition.place
            self._run.read = {}
            taken = expressions.truth(self._run, branch.condition)
            if self._flow == EXIT:
                return 0
            self._flow = GOES_ON
            self._run.here = statement.place
            values = ", ".join(f"{name} is {value}" for name, value in self._run.read.items())
            with_values = f" ({values})" if values else ""
            subject = _without_parentheses(branch.condition)
            self._run.say(f"is {'true' if taken else 'false'}{with_values}", place, subject)
            if taken:
                return self.block(branch.body, place)
            if leaves(branch.body):
                self._run.guards[-1] = place
        if statement.otherwise is None:
            return 1
        return self.block(statement.otherwise, statement.branches[-1].condition.place)

    def _while(self, statement: While) -> Value:
        code: Value = 1
        limit = self._run.setup.core_number("max_while_loops", default=MAX_LOOPS)
        turns = 0
        while expressions.truth(self._run, statement.condition) and self._flow == GOES_ON:
            turns += 1
            if turns > limit > 0:
                self._run.say(f"the loop has run {limit} times, so the server leaves it", statement.place)
                return ERROR
            code = self.block(statement.body, statement.condition.place)
            if self._flow == BREAK:
                self._flow = GOES_ON
                break
        return code

    def _switch(self, statement: Switch) -> Value:
        run = self._run
        subject = expressions.evaluate(run, statement.subject)
        if self._flow == EXIT:
            return 0
        self._flow = GOES_ON
        chosen = self._chosen(statement, subject)
        if chosen is None:
            run.say(f"is {name_of(subject)}: no case", statement.place, statement.subject.place)
            return 1
        case = statement.cases[chosen]
        label = "default" if case.label is None else f"case {shown(case.label.place)}"
        run.say(f"is {name_of(subject)}: {label}", case.place, statement.subject.place)
        code: Value = 1
        run.guards.append(case.place)
        self._levels += 1
        try:
            for following in statement.cases[chosen:]:
                for inner in following.statements:
                    code = self._statement(inner)
                    if self._flow != GOES_ON:
                        break
                if self._flow != GOES_ON:
                    break
        finally:
            run.guards.pop()
            self._levels -= 1
        if self._flow == BREAK:
            self._flow = GOES_ON
        return code

    def _chosen(self, statement: Switch, subject: Value) -> int | None:
        """The number of the case that fits, else of ``default``; numbers are compared as numbers when a case is one."""
        default = None
        for number, case in enumerate(statement.cases):
            if case.label is None:
                default = number
                continue
            label = case.label
            wanted: Value = expressions.evaluate(self._run, label)
            if self._fits(subject, wanted, case.regex):
                return number
        return default

    def _fits(self, subject: Value, wanted: Value, regex: bool) -> bool:
        if isinstance(subject, Unknown) or isinstance(wanted, Unknown):
            return self._run.is_true(f"{name_of(subject)} {'=~' if regex else '=='} {name_of(wanted)}", expected=False)
        if regex:
            try:
                return compiled(text_of(wanted)).search(text_of(subject))
            except (BadPattern, Untold):
                return False
        if isinstance(wanted, int):
            try:
                return expressions.as_number(self._run, subject) == wanted
            except Abandoned:
                return False
        return text_of(subject) == text_of(wanted)

    def _return(self, statement: Return) -> Value:
        """``return 0`` ends the script, as ``exit`` does (core/action.c, DROP_T)."""
        word = statement.word.text
        if word == "break":
            self._flow = BREAK
            return self._run.code
        code: Value = 1
        if statement.value is not None:
            code = self._code(statement)
        if word == "return":
            self._flow = RETURN
            if isinstance(code, Unknown):
                code = 1 if self._run.is_true(f"{code.name} > 0") else -1
            if code == 0 and return_0_ends(self._run.setup.version):
                self._run.say("return 0 ends the whole script", statement.place)
                self._flow = EXIT
            return code
        self._flow = EXIT
        if word == "drop":
            self._run.dropped = True
        return code

    def _code(self, statement: Return) -> Value:
        try:
            value = expressions.evaluate(self._run, statement.value, code=False)
            return expressions.as_number(self._run, value)
        except Abandoned:
            return 0

    # ----------------------------------------------------------------------------------------------------- assignments

    def assign(self, statement: Assignment) -> Value:
        """Assign: 1 whatever the value is, -1 where it has none (core/action.c, ASSIGN_T)."""
        run = self._run
        try:
            value = expressions.evaluate(run, statement.value, code=True)
        except Abandoned as reason:
            run.say(f"the server gives up on the value: {reason}", statement.place)
            return ERROR
        if self._flow == EXIT:
            return 0
        self._flow = GOES_ON
        target = statement.target
        if isinstance(target, Variable):
            variables.assign(run, target.text, value)
        elif isinstance(target, AttributeValue | Token):
            token = target.token if isinstance(target, AttributeValue) else target
            variables.assign_attribute(run, token.text, value)
        return 1

    # ----------------------------------------------------------------------------------------------------------- calls

    def call(self, call: Call) -> Value:
        """Call a function of a module, or a command of the language."""
        run = self._run
        name = call.word.text
        here, run.here = run.here, call.place
        try:
            if call.word.type == "ROUTE":
                return self._route(call)
            function = run.setup.commands.get(name) if call.is_command else run.setup.functions.get(name)
            if function is None:
                return self._unknown(call)
            code = function(run, Arguments(run, call))
            if call.is_command:
                return code
            run.code = code
            if code == 0:
                run.say(f"{name}() gives back 0, which ends the script", call.place)
                self._flow = EXIT
            return code
        finally:
            run.here = here

    def _unknown(self, call: Call) -> Value:
        run = self._run
        run.assume(f"what {call.name}() does")
        run.code = Unknown(f"{shown(call.place)} in line {call.place.start.line} succeeds")
        return run.code

    def _route(self, call: Call) -> Value:
        """``route(X)``: the code of what ran last in it (core/action.c, ROUTE_T)."""
        run = self._run
        argument = call.arguments[0]
        if isinstance(argument, Word | Number):
            name: str | Unknown = argument.text
        else:
            name = expressions.text(run, argument)
            if isinstance(argument, String) is False and isinstance(name, Unknown):
                run.code = Unknown(f"which route {shown(call.place)} calls")
                return run.code
        assert not isinstance(name, Unknown)
        if isinstance(argument, Number):
            name = str(argument.value)
        blocks = run.setup.routes.get(("route", name)) or (
            run.setup.routes.get(("request_route", "")) if name == "0" else None
        )
        if blocks is None:
            run.say(f"there is no route[{name}]", call.place)
            return ERROR
        run.say(f"route({name})", call.place)
        return self._called(name, blocks)

    def called(self, name: str) -> Value:
        """Run a named route as ``route(name)`` does."""
        return self._called(name, self._run.setup.routes[("route", name)])

    def _called(self, name: str, blocks: list[Block]) -> Value:
        code: Value = 1
        with self._passing(f"route[{name}]"):
            for block in blocks:
                code = self.block(block)
                if self._flow != GOES_ON:
                    break
        if self._flow != EXIT:  # a route keeps ``return`` and ``break`` to itself
            self._flow = GOES_ON
        self._run.code = code
        return code


def return_0_ends(version: Version) -> bool:
    """Does ``return 0`` end the whole script in this version?"""
    for first in RETURN_0_ENDS:
        if version[:2] == first[:2]:
            return version >= first if len(version) > 2 else first[:2] != (5, 4)
    return True


def leaves(body: Statement) -> bool:
    """Does a block always leave its route, so that not to enter it is what lets the script go on?"""
    last = body.statements[-1] if isinstance(body, Block) and body.statements else body
    if isinstance(last, If):
        return last.otherwise is not None and leaves(last.otherwise) and all(leaves(b.body) for b in last.branches)
    return isinstance(last, Return) and last.word.text != "break"


def _without_parentheses(condition: Any) -> Place:
    """Where a condition stands, less the parentheses around it."""
    while isinstance(condition, Parenthesis) and not isinstance(condition.inner, Assignment):
        condition = condition.inner
    place: Place = condition.place
    return place
