"""Blanks inside a section's brackets, or a name that is too long, make another name of it.

Why it matters: main/config.c:process_text_line takes the name as it stands between the brackets, blanks included, and
cuts it at 79 bytes. `[ 1001 ]` is no account of the phone 1001. References such as `auth=1001` do not find it either.

A template of such a name works for those who write the same blanks, and is left alone.

Client sees: REGISTER -> 401 -> 403; in pjsip.conf: REGISTER -> 401 -> 401

Log:
    Registration from '...' failed for '...' - Wrong password
    Request '...' from '...' failed for '...' (callid: ...) - No matching endpoint found

RFC: 3261 section 10.3: an address-of-record that does not exist is answered with 404 (step 5). Both stacks hide that,
so that nobody can find out which accounts exist.

Verdict: spurious. The account stands in the file under another name.

Does not help: typing the password again: nothing is there to compare it with.

Fix: take the blanks away, unless there is another section of that name. Unsafe: the account comes into being.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.resolve.asterisk import Config, Section
from cfglint.syntax.asterisk import NAME_BYTES
from cfglint.syntax.comments import BLANKS

EXAMPLES = [
    Example(
        bad="[« 1001 »]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
        good="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n[ phone ](!)\ntype=friend\n[front desk]( phone )\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
    Example(
        bad=f"[«{'desk-' * 16}»]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
        good=f"[{'desk-' * 15}]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
]


SHORT = NAME_BYTES // 4
"""A name of fewer characters is not cut, whatever they are."""


def find(config: Config) -> Iterator[Defect]:
    for section in config.sections:
        name = section.name
        if section.template or not section.options or (name[:1] >= "!" and name[-1:] >= "!" and len(name) < SHORT):
            continue
        text, bare = section.name_place.text, name.strip(BLANKS)
        # An account, or an object that others refer to: nothing else of a configuration is looked up by a phone.
        known = section.first("type") is not None
        level, category = ("error", "answer") if known else (None, None)
        if bare != name and bare:
            message = f"the blanks belong to the name: there is no section [{bare}]"
            same = any(other.name == bare for other in config.named(bare))
            subject = None if same or text != name else section
            if same:
                message = "the blanks belong to the name: this is another section than the one without them"
            yield Defect(section.name_place, message, (), subject, level, category)
        elif len(name) < len(text) and text.startswith(name):
            message = f"the name is longer than 79 bytes and is cut behind '{name[-10:]}'"
            yield Defect(section.name_place, message, (), None, level, category)


def fix(section: Section) -> Fix:
    return Fix("take the blanks away", (replace(section.name_place, section.name.strip(BLANKS)),))


CHECK = Check(find, level="warning", category="load", fix=fix, request="REGISTER")
