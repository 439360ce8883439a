"""Who is banned stays banned until the server is restarted.

Why it matters: a htable keeps its entries for ever unless it says `autoexpire` (htable/ht_api.c:ht_table_spec), or
$shtex() sets a time. A phone that was banned once, for a wrong password or for many requests, is refused for good,
and so is who gets its address after it. Mind that each writing of the key lets the time begin anew (`updateexpire`).

Client sees: after the ban, where the script answers so: REGISTER -> 403

Log: Nothing.

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: depends. Deserved by who tries passwords; not for ever, and not by who gets the address next.

Does not help: the right password: the ban is looked at before.

Fix: add `autoexpire=300;` to the table. Unsafe: who is banned comes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import comparison, pseudo_variable
from cfglint.model.kamailio.editing import written
from cfglint.model.kamailio.parameters import Setting
from cfglint.syntax.kamailio.nodes import Assignment, Variable
from cfglint.syntax.kamailio.pv import PseudoVariable

from ._replies import refusal, silence

EXAMPLES = [
    Example(
        bad='modparam("htable", "htable", «"ban=>size=8"»)\nrequest_route {\n    if ($sht(ban=>$si) != $null) exit;\n'
        "    $sht(ban=>$si) = 1;\n}\n",
        good='modparam("htable", "htable", "ban=>size=8;autoexpire=300;")\nrequest_route {\n'
        "    if ($sht(ban=>$si) != $null) exit;\n    $sht(ban=>$si) = 1;\n}\n",
        fixed='modparam("htable", "htable", "ban=>size=8;autoexpire=300;")\nrequest_route {\n'
        "    if ($sht(ban=>$si) != $null) exit;\n    $sht(ban=>$si) = 1;\n}\n",
    ),
    Example(
        bad='modparam("htable", "htable", «"a=>size=8;"»)\nrequest_route {\n    if ($sht(a=>$au::count) >= 3) {\n'
        '        send_reply("403", "Banned");\n    }\n    $sht(a=>$au::count) = $sht(a=>$au::count) + 1;\n}\n',
        good='modparam("htable", "htable", "a=>size=8;")\nrequest_route {\n    if ($sht(a=>$au::count) >= 3) {\n'
        '        send_reply("403", "Banned");\n    }\n    $shtex(a=>$au::count) = 60;\n}\n',
        fixed='modparam("htable", "htable", "a=>size=8;autoexpire=300;")\nrequest_route {\n'
        '    if ($sht(a=>$au::count) >= 3) {\n        send_reply("403", "Banned");\n    }\n'
        "    $sht(a=>$au::count) = $sht(a=>$au::count) + 1;\n}\n",
    ),
]

_WHO = r"\$(?:\()?(?:si|au|aU|fU|fu|tU|ct)\b"
"""What an entry of a list of people is named by."""
_KEPT = r"\b(?:autoexpire\s*=\s*0*[1-9]|dbtable\s*=)"
_REMOVAL = ("sht_reset", "sht_rm", "sht_rm_name", "sht_rm_value", "sht_rm_name_re", "sht_rm_value_re")


def find(kamailio: Kamailio) -> Iterator[Defect]:
    tables = kamailio.parameters.all("htable", "htable")
    if not tables or not kamailio.whole or kamailio.calls_of(*_REMOVAL):
        return
    bans = _bans(kamailio)
    added, shortened = _changed(kamailio)
    for setting in tables:
        name, _, rest = (setting.text or "").partition("=>")
        ban = bans.get(name.strip())
        if ban is not None and name.strip() in added - shortened and not re.search(_KEPT, rest):
            message = f"who is written into '{name.strip()}' is refused until the server is restarted"
            yield Defect(setting.node.value.place, message, (Note(ban.place, "refused here"),), setting)


def _table(variable: PseudoVariable) -> str:
    return (variable.inner or "").partition("=>")[0].strip()


def _bans(kamailio: Kamailio) -> dict[str, Variable]:
    """The tables whose entries decide that somebody is refused, and where."""
    found: dict[str, Variable] = {}
    for condition in kamailio.conditions:
        for term in condition.terms:
            test = comparison(term.node)
            variable = pseudo_variable(test.left) if test is not None else None
            if (
                test is None
                or variable is None
                or variable.name != "sht"
                or test.operator not in ("!=", ">", ">=", "==")
            ):
                continue
            nothing = isinstance(test.right, Variable) and test.right.text == "$null"
            listed = nothing == (test.operator == "!=") and not term.negated
            refused = refusal(kamailio, condition.node.body) or silence(kamailio, condition.node.body)
            if listed and refused is not None and re.search(_WHO, variable.inner or ""):
                found.setdefault(_table(variable), test.left)
    return found


def _changed(kamailio: Kamailio) -> tuple[set[str], set[str]]:
    """The tables that the script adds to, and those whose entries it removes or gives a time."""
    added: set[str] = set()
    shortened: set[str] = set()
    for located in kamailio.nodes(Assignment):
        variable = pseudo_variable(located.node.target)
        if variable is None or variable.name not in ("sht", "shtex"):
            continue
        value = located.node.value
        gone = variable.name == "shtex" or (isinstance(value, Variable) and value.text == "$null")
        (shortened if gone else added).add(_table(variable))
    return added, shortened


def fix(setting: Setting) -> Fix | None:
    value = setting.node.value
    if not written(value) or setting.text is None or "autoexpire" in setting.text:
        return None
    text = setting.text.rstrip("; ")
    return Fix("let entries end", (replace(value.place, f'"{text};autoexpire=300;"'),))


CHECK = Check(find, level="warning", category="answer", fix=fix)
