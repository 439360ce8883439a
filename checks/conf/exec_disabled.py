"""An #exec line has no effect, because asterisk.conf does not allow it.

Why it matters: without `execincludes = yes` in section [options] of asterisk.conf (off by default),
main/config.c:process_text_line ignores the line. Peers and endpoints that the program would print do not exist, and
their phones are refused like unknown ones.

Client sees: a phone whose section the program would print: REGISTER -> 401 -> 403; the same in pjsip.conf: REGISTER ->
401 -> 401

Log:
    Cannot perform #exec unless execincludes option is enabled in asterisk.conf (options section)!

Verdict: spurious. The account was meant to be there.

Fix: allow it in asterisk.conf, or write the program's output to a file and include that.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.resolve.asterisk import EXEC, Config

EXAMPLES = [
    Example(
        bad="[general]\n«#exec» /usr/local/bin/list-phones\n",
        good={
            "sip.conf": "[general]\n#exec /usr/local/bin/list-phones\n",
            "asterisk.conf": "[options]\nexecincludes=yes\n",
        },
    ),
]


def find(config: Config) -> Iterator[Defect]:
    for problem in config.problems:
        if problem.kind == EXEC and problem.detail == "disabled":
            text = "the program is not run unless asterisk.conf has 'execincludes = yes', and none is seen here"
            yield Defect(problem.place, text)


CHECK = Check(find, level="info", category="load")
