"""Each thing a check says its client sees is what the simulated server answers to one of the check's own examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint import symptoms
from cfglint.check import Example
from cfglint.demonstration import files
from cfglint.documentation import OUTBOUND, Symptom, parse
from cfglint.registry import Registered
from cfglint.symptoms import Explained
from tests.probes import Answers, answers, kamailio_answers
from tests.support import write_tree

CHECKS = symptoms.every()
SEEN = [
    pytest.param(check, symptom, id=f"{check.registered.id}-{symptom.shown.replace(' ', '')}")
    for check in CHECKS
    for symptom in check.documentation.client_sees
    # A condition speaks of what the examples need not hold; what the server itself sends is not simulated.
    if not symptom.condition and not symptom.request.startswith(OUTBOUND)
]

LISTENING = "\n[udp]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n[tcp]\ntype=transport\nprotocol=tcp\nbind=0.0.0.0\n"
"""For examples that leave out what is the same everywhere."""


def played(folder: Path, registered: Registered, example: Example) -> tuple[Answers, list[Answers]]:
    """The answers of the bad configuration, and of those that are right."""
    contents = [example.bad, example.good, *([example.fixed] if example.fixed is not None else [])]
    trees = [files(registered, content) for content in contents]
    silent = not any("transport" in tree.get("pjsip.conf", "transport") for tree in trees)
    folders = []
    for number, tree in enumerate(trees):
        if silent and registered.family != "conf":
            tree["pjsip.conf"] += LISTENING
        folders.append(folder / str(number))
        write_tree(folders[-1], tree)
    bad, *right = folders
    if registered.family == "kamailio":
        return kamailio_answers(bad, example.targets), [kamailio_answers(one, example.targets) for one in right]
    return answers(bad, right[0], example.targets), [answers(one, right[0], example.targets) for one in right]


def produces(check: Explained, symptom: Symptom, folder: Path) -> bool:
    """Does the bad configuration of an example answer so to a request that a right one answers otherwise?"""
    for number, example in enumerate(check.registered.examples):
        bad, right = played(folder / str(number), check.registered, example)
        for request, statuses in bad.items():
            asked = symptom.request in (request[0], "any request") and statuses == symptom.statuses
            if asked and any(other.get(request, statuses) != statuses for other in right):
                return True
    return False


@pytest.mark.parametrize(("check", "symptom"), SEEN)
def test_an_example_produces_what_the_client_sees(check: Explained, symptom: Symptom, tmp_path: Path) -> None:
    assert produces(check, symptom, tmp_path)


def server_of(check: Explained) -> str:
    return "Kamailio" if check.registered.family == "kamailio" else "Asterisk"


INDEX = {
    (name, server): entries
    for name, found in symptoms.index(CHECKS).items()
    if "other side" not in name
    for server in ("Asterisk", "Kamailio")
    if (entries := [entry for entry in found if server_of(entry[0]) == server])
}
"""The symptoms that each server's checks speak of."""


@pytest.mark.parametrize(("name", "server"), INDEX)
def test_every_symptom_of_the_index_is_produced_by_an_example(name: str, server: str, tmp_path: Path) -> None:
    """What only ever occurs under a condition that no example holds would be a claim that nobody has tried."""
    tries = enumerate(sorted(INDEX[name, server], key=lambda entry: bool(entry[1].condition)))
    assert any(produces(check, symptom, tmp_path / str(number)) for number, (check, symptom) in tries)


@pytest.mark.parametrize(
    ("statuses", "name"),
    [
        ((403,), "403 at once"),
        ((401, 403), "403 after the password"),
        ((401,), "401 for ever"),
        ((401, 401), "401 for ever"),
        ((407, 407), "407 for ever"),
        (("timeout",), "no answer"),
        ((401, "timeout"), "no answer"),
        (("refused",), "connection refused"),
    ],
)
def test_names_of_symptoms(statuses: tuple[int | str, ...], name: str) -> None:
    assert symptoms.name(Symptom("REGISTER", statuses)) == name
    assert symptoms.name(Symptom("outbound REGISTER", statuses)) == f"{name} from the other side"


def test_the_index_knows_every_status_that_checks_speak_of() -> None:
    spoken = {symptom.statuses[-1] for check in CHECKS for symptom in check.documentation.client_sees}
    assert spoken <= set(symptoms.STATUSES)


def check_with(*log: str) -> Explained:
    documentation = parse("S.\n\nWhy it matters: w.\n\nFix: f.\n")._replace(log=log)
    return Explained(CHECKS[0].registered, documentation)


def test_messages_in_a_log() -> None:
    short, long = (
        check_with("failed for '...'"),
        check_with("Registration from '...' failed for '...' - Wrong password"),
    )
    line = "[Aug  1] \x1b[1;33mNOTICE\x1b[0m[7]: Registration from '<sip:1@h>' failed for '192.0.2.1' - Wrong password"
    found = symptoms.by_message([line, "nothing", line], [short, long])
    assert list(found.items()) == [(long.documentation.log[0], [long]), (short.documentation.log[0], [short])]
    assert symptoms.by_message(["Registration from '1' failed"], [short, long]) == {}
