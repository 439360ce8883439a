"""alwaysauthreject=no tells anybody which accounts exist.

Why it matters: since Asterisk 1.8 an unknown account is challenged and refused like a known one. With
`alwaysauthreject=no` channels/chan_sip.c:register_verify answers 404 to it at once, and 403 to one that may not
register: whoever tries names finds the real ones, and needs to guess only their passwords.

Client sees: a name that does not exist: REGISTER -> 404

Log:
    Registration from '...' failed for '...' - No matching peer found

RFC: 3261 section 10.3: 404 for an unknown address-of-record is what is asked for (step 5); the price is that names can
be tried out.

Verdict: deserved: there is no such account.

Fix: leave the option out, or set it to yes. Worth it for a while to see why a phone is refused.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import set_value
from cfglint.model.sip import Sip
from cfglint.resolve.asterisk import Option

EXAMPLES = [
    Example(
        bad="[general]\n«alwaysauthreject=no»\n",
        good="[general]\nalwaysauthreject=yes\n",
        fixed="[general]\nalwaysauthreject=yes\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    option = sip.general_option("alwaysauthreject")
    if option is not None and not sip.hides_accounts:
        yield Defect(
            option.place,
            "unknown accounts are refused otherwise than known ones, so names can be tried out",
            (),
            option,
        )


def fix(option: Option) -> Fix | None:
    return Fix("answer to unknown accounts as to known ones", (set_value(option, "yes"),)) if option.value else None


CHECK = Check(find, level="info", category="security", fix=fix, request="REGISTER")
