"""A variable that is not set is compared with a text.

Why it matters: a $var (and a $shv) that nobody has set is the number 0, and the other side of == is made a number, too
(core/rvalue.c:rval_expr_eval_int). Up to 5.6 a text that is none counts as 0, so `$var(x) == "yes"` is true as long
as $var(x) is not set; from 5.7 on the comparison fails, and is false with == and with !=.

Log:
    automatic string to int conversion for "..." failed

Fix: set the variable to a text before. Unsafe: the branch will be taken by other requests.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import pseudo_variable
from cfglint.model.kamailio.editing import put_before, written
from cfglint.syntax.kamailio.nodes import Variable

from ._texts import compared_text
from ._variables import Asked, assignments, mentioned, set_by_some

EXAMPLES = [
    Example(
        bad='request_route {\n    if (src_port == 1) $var(bad) = "yes";\n    if («$var(bad)» == "yes") exit;\n}\n',
        good='request_route {\n    $var(bad) = "no";\n    if (src_port == 1) $var(bad) = "yes";\n'
        '    if ($var(bad) == "yes") exit;\n}\n',
        fixed='request_route {\n    $var(bad) = "";\n    if (src_port == 1) $var(bad) = "yes";\n'
        '    if ($var(bad) == "yes") exit;\n}\n',
    ),
    Example(
        bad='request_route {\n    if (src_port == 1 || «$var(mode)» != "open") exit;\n}\n',
        good='modparam("pv", "shvset", "mode=s:open")\nrequest_route {\n    if ($shv(mode) != "open") exit;\n'
        '    if ($vn(x) == "a") exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    texts = compared_text(kamailio)
    if not texts or not kamailio.whole:
        return
    for asked in set_by_some(kamailio):
        if asked.variable in texts:
            message = f"{asked.variable.text} is 0 until some request sets it, and no text is equal to a number"
            note = Note(asked.setting.place, "only some requests set it")
            yield Defect(asked.variable.place, message, (note,), asked)
    known = assignments(kamailio)
    unset = [token for token in texts if _is_number_at_first(token) and token.text not in known]
    names = mentioned(kamailio) if unset else ""
    for token in unset:
        if token.text[5:-1] not in names:
            yield Defect(token.place, f"nothing ever sets {token.text}: it is 0, and no text is equal to a number")


def _is_number_at_first(token: Variable) -> bool:
    """Is it a $var or $shv, and nothing made of one?"""
    variable = pseudo_variable(token)
    return variable is not None and token.text in (f"$var({variable.inner})", f"$shv({variable.inner})")


def fix(asked: Asked) -> Fix | None:
    if not written(asked.statement, asked.variable):
        return None
    return Fix("begin with an empty text", (put_before(asked.statement, f'{asked.variable.text} = "";'),))


CHECK = Check(find, level="warning", category="answer", fix=fix)
