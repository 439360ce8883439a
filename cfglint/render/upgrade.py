"""What an upgrade changes, as text or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps
from typing import Any

from cfglint import __version__
from cfglint.findings import Finding
from cfglint.fingerprint import fingerprints
from cfglint.knowledge.versions import Targets
from cfglint.render.json import finding_data, place_data
from cfglint.render.printable import printable
from cfglint.render.text import amount
from cfglint.simulate.answer import Status, Step
from cfglint.upgrade import Change, Upgrade


def as_json(upgrade: Upgrade) -> Iterator[str]:
    """One object: the versions, the changes, and the findings that come and go."""
    data = {
        "cfglint": __version__,
        "from": _versions(upgrade.before),
        "to": _versions(upgrade.after),
        "compared": upgrade.compared,
        "changes": [_change(change) for change in upgrade.changes],
        "appearing": _findings(upgrade.appearing),
        "disappearing": _findings(upgrade.disappearing),
        "failures": [failure._asdict() for failure in upgrade.failures],
    }
    yield dumps(data, indent=1) + "\n"


def _versions(targets: Targets) -> dict[str, str]:
    return {product: ".".join(map(str, version)) for product, version in targets._asdict().items() if version}


def _change(change: Change) -> dict[str, Any]:
    return {
        "who": change.who,
        "before": list(change.before),
        "after": list(change.after),
        "was": _step(change.was),
        "becomes": _step(change.becomes),
        "stranger": change.stranger,
        "certain": change.certain,
    }


def _step(step: Step | None) -> dict[str, Any] | None:
    if step is None:
        return None
    place = place_data(step.place) if step.place is not None else {"path": None, "start": None, "end": None}
    return {**place, "text": step.text}


def _findings(findings: list[Finding]) -> list[dict[str, Any]]:
    return [finding_data(f, mark) for f, mark in zip(findings, fingerprints(findings), strict=True)]


def as_text(upgrade: Upgrade) -> Iterator[str]:
    """A paragraph for those whose answers change alike, a line for each finding, and the sum."""
    groups: dict[Any, list[Change]] = {}
    for change in upgrade.changes:
        groups.setdefault((change.before, change.after, change.becomes, change.certain), []).append(change)
    for (before, after, becomes, certain), changes in groups.items():
        who = ", ".join(dict.fromkeys(printable(change.who) for change in changes))
        doubt = "" if certain else " (if what is not known here allows it)"
        yield f"{who}: {_shown(before)} becomes {_shown(after)}{doubt}\n"
        for label, step in (("was", changes[0].was), ("becomes", becomes)):
            if step is not None:
                place = step.place
                where = f" ({printable(place.source.path)}:{place.start.line})" if place is not None else ""
                yield f"  {label}: {printable(step.text)}{where}\n"
    for label, findings in (("new", upgrade.appearing), ("gone", upgrade.disappearing)):
        for finding in findings:
            start = finding.place.start
            where = f"{printable(finding.place.source.path)}:{start.line}:{start.column}"
            yield f"{label}: {where}: {finding.level}: {printable(finding.message)} [{finding.check}]\n"
    versions = zip(_versions(upgrade.before).items(), _versions(upgrade.after).values(), strict=True)
    shown = ", ".join(f"{product} {before} -> {after}" for (product, before), after in versions)
    yield (
        f"{shown}: {amount(len(upgrade.changes), 'answer')} of {upgrade.compared} changed,"
        f" {amount(len(upgrade.appearing), 'new finding')}\n"
    )


def _shown(statuses: tuple[Status, ...]) -> str:
    return " -> ".join(map(str, statuses))
