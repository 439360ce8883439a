"""A list of addresses goes on into the next line.

Why it matters: listen= and alias= take a list without separators, so a line below that begins with an ordinary name,
such as a custom parameter, is read as one more address; the server refuses the file at the equals sign.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    parse error in config file ..., line ..., column ...: ...
    parse error in config file ..., line ..., column ...-...: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: end the list with a semicolon.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.faults import LIST_GOES_ON
from cfglint.syntax.kamailio.items import Alias, Listen
from cfglint.syntax.kamailio.words import WORDS

from ._problems import notes, of_shape, sentence

EXAMPLES = [
    Example(
        bad='alias="example.com"\npstn.«gw_ip» = "192.0.2.9"\nrequest_route {\n    exit;\n}\n',
        good='alias="example.com";\npstn.gw_ip = "192.0.2.9"\nrequest_route {\n    exit;\n}\n',
    ),
    Example(
        bad="listen=udp:127.0.0.1:5060 «virtual»\nrequest_route {\n    exit;\n}\n",
        good="listen=udp:127.0.0.1:5060;\nrequest_route {\n    exit;\n}\n",
        targets=("kamailio=5.4",),
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_shape(kamailio.config, LIST_GOES_ON):
        yield Defect(problem.place, sentence(kamailio.config, problem), notes(problem))
    for item in kamailio.config.file.items:
        if isinstance(item, Alias | Listen):
            yield from _swallowed(item)


def _swallowed(item: Alias | Listen) -> Iterator[Defect]:
    """Words that other versions reserve, and this one reads as one more address."""
    for socket in item.sockets:
        for address in socket.addresses:
            if address.type == "WORD" and address.text in WORDS:
                text = f"this version does not know '{address.text}' and reads it as one more address"
                yield Defect(address.place, text, category="load")


CHECK = Check(find, level="error", category="syntax")
