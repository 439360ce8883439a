"""An #exec line has no effect, because asterisk.conf does not allow it.

Why it matters: without `execincludes = yes` in section [options] of asterisk.conf (off by default),
main/config.c:process_text_line ignores the line and logs "Cannot perform #exec unless execincludes option is enabled".
Peers and endpoints that the program would print do not exist, and their phones are refused like unknown ones.

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
