"""A line is longer than the 8190 bytes that the server reads.

Why it matters: main/config.c:config_text_file_load skips such a line as a whole: a long list of networks, of codecs or
of contacts is missing, not only its end. A header that long (blanks behind it count) leaves its options to the section
above.

Log:
    Line ... too long, skipping. It begins with: ...

Fix: split the line; options such as permit, match and allow may be repeated.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.resolve.asterisk import Config
from cfglint.syntax.asterisk import TOO_LONG

_NETWORKS = ",".join(f"10.{n // 256}.{n % 256}.0/24" for n in range(800))

EXAMPLES = [
    Example(
        bad=f"[trunk]\ntype=identify\n«match = {_NETWORKS[:24]}»{_NETWORKS[24:]}\n",
        good="[trunk]\ntype=identify\nmatch = 10.0.0.0/24,10.0.1.0/24\nmatch = 10.0.2.0/24\n",
    ),
]


def find(config: Config) -> Iterator[Defect]:
    for problem in config.problems:
        text = problem.place.text
        if problem.kind != TOO_LONG or text.startswith(";"):
            continue
        name, equals, _ = text.partition("=")
        what = f"'{name.strip()}'" if equals else "it"
        if text.startswith("["):
            yield Defect(
                problem.place, "the header's line is longer than 8190 bytes: no section begins here", level="error"
            )
        else:
            yield Defect(problem.place, f"the line is longer than 8190 bytes and skipped as a whole: {what} is not set")


CHECK = Check(find, level="warning", category="load")
