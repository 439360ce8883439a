"""One report of a whole fleet, made of the results that the hosts registered from config_check."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

DOCUMENTATION = r"""
name: fleet
short_description: One report of a whole fleet
description:
  - C(fleet_results) takes C(hostvars) and host names, and finds what the hosts registered as C(cfglint_result) from
    M(cfglint.sip.config_check).
  - C(fleet_markdown) and C(fleet_sarif) make a report of that; the latter needs the results with SARIF.
  - C(fleet_failing) names the hosts with findings of a level or a worse one, and those that were not checked.
author:
  - The cfglint developers
"""

LEVELS = ("info", "warning", "error")

Results = Mapping[str, Mapping[str, Any]]


def fleet_results(variables: Mapping[str, Mapping[str, Any]], hosts: Iterable[str]) -> Results:
    """Host to what it registered as ``cfglint_result``, as far as it did."""
    return {host: variables[host]["cfglint_result"] for host in hosts if "cfglint_result" in variables[host]}


def fleet_markdown(results: Results) -> str:
    """A table of hosts and checks, and the findings of each host."""
    checks = sorted({finding["check"] for result in results.values() for finding in result.get("findings", ())})
    out = ["# Configuration of the fleet", "", _verdict(results), ""]
    out += [_row("host", "errors", "warnings", "infos", *checks), _row(*["---"] * (4 + len(checks)))]
    for host, result in results.items():
        if _reason(result):
            out.append(_row(_text(host), "not checked", *[""] * (2 + len(checks))))
            continue
        found = result["findings"]
        levels = [sum(finding["level"] == level for finding in found) for level in reversed(LEVELS)]
        numbers = [sum(finding["check"] == check for finding in found) for check in checks]
        out.append(_row(_text(host), *(str(number or "") for number in levels + numbers)))
    for host, result in results.items():
        lines = list(_lines(result))
        if lines:
            out += ["", f"## {_text(host)}", "", *lines]
    return "\n".join(out) + "\n"


def fleet_sarif(results: Results) -> str:
    """One log with one run: each place names its host, and so does each fingerprint."""
    rules: dict[str, Any] = {}
    found: list[dict[str, Any]] = []
    driver: dict[str, Any] = {"name": "cfglint"}
    log: dict[str, Any] = {"version": "2.1.0"}
    invocations = []
    for host, result in results.items():
        reason = _reason(result)
        if "sarif" not in result:
            note = {"level": "error", "message": {"text": reason or "no SARIF was asked for"}}
            invocations.append({"machine": host, "executionSuccessful": False, "toolExecutionNotifications": [note]})
            continue
        own = json.loads(json.dumps(result["sarif"]))  # a copy
        (run,) = own.pop("runs")
        log.update(own)
        driver.update({key: value for key, value in run["tool"]["driver"].items() if key != "rules"})
        rules.update({rule["id"]: rule for rule in run["tool"]["driver"]["rules"]})
        invocations += [{"machine": host, **_on(host, invocation)} for invocation in run["invocations"]]
        found += [_on(host, item) for item in run["results"]]
    ids = sorted(rules)
    for item in found:
        item["ruleIndex"] = ids.index(item["ruleId"])
    run = {
        "tool": {"driver": {**driver, "rules": [rules[name] for name in ids]}},
        "automationDetails": {"id": "cfglint/fleet/"},
        "columnKind": "unicodeCodePoints",
        "invocations": invocations,
        "results": found,
    }
    return json.dumps({**log, "runs": [run]}, indent=1) + "\n"


def fleet_failing(results: Results, level: str = "warning") -> list[str]:
    """The hosts with findings of a level or a worse one, and those that could not be checked."""
    enough = LEVELS[LEVELS.index(level) :] if level in LEVELS else ()
    return [
        host
        for host, result in results.items()
        if _reason(result) or result["failures"] or any(f["level"] in enough for f in result["findings"])
    ]


def _verdict(results: Results) -> str:
    total, failing = len(results), len(fleet_failing(results, "warning"))
    hosts = f"{total} host" if total == 1 else f"{total} hosts"
    return f"{hosts}, {failing} of them with errors or warnings, or not checked." if failing else f"{hosts}, all good."


def _reason(result: Mapping[str, Any]) -> str:
    """Why a host was not checked; empty if it was."""
    return "" if "findings" in result else str(result.get("msg") or "nothing is known of it").strip()


def _lines(result: Mapping[str, Any]) -> list[str]:
    reason = _reason(result)
    if reason:
        return [f"Not checked: {_text(reason)}"]
    lines = [f"* not checked: {_text(failure['path'])}: {_text(failure['message'])}" for failure in result["failures"]]
    for finding in result["findings"]:
        place = f"{finding['path']}:{finding['start']['line']}"
        lines.append(f"* {finding['level']}: {_text(place)}: {_text(finding['message'])} ({finding['check']})")
    return lines


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _text(text: str) -> str:
    """Text in which Markdown sees no markup, on one line."""
    return re.sub(r"([\\`*_{}\[\]<>#|!~&])", r"\\\1", " ".join(text.split()))


def _on(host: str, item: Any) -> Any:
    """A piece of a log with the host in its places and fingerprints; file URIs have a place for it (RFC 8089)."""
    if isinstance(item, list):
        return [_on(host, part) for part in item]
    if not isinstance(item, dict):
        return item
    made = {key: _on(host, value) for key, value in item.items()}
    if str(made.get("uri", "")).startswith("file:///"):
        made["uri"] = f"file://{quote(host, safe='')}{made['uri'][len('file://') :]}"
    if "partialFingerprints" in made:
        made["partialFingerprints"] = {key: f"{host}/{value}" for key, value in made["partialFingerprints"].items()}
    return made


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Any]:
        """Name to function."""
        return {
            "fleet_results": fleet_results,
            "fleet_markdown": fleet_markdown,
            "fleet_sarif": fleet_sarif,
            "fleet_failing": fleet_failing,
        }
