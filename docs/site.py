"""Makes the pages of the site that are not written by hand: one for each check, the symptoms, the log lines, the
settings and the commands. MkDocs calls `on_files` (see mkdocs.yml)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from cfglint import demonstration, symptoms
from cfglint.cli import manual
from cfglint.documentation import OUTBOUND, Symptom
from cfglint.knowledge import proofs
from cfglint.render import markdown
from cfglint.symptoms import STATUSES, Explained

ROOT = Path(__file__).resolve().parent.parent

FAMILIES = {
    "pjsip": "pjsip.conf (chan_pjsip)",
    "sip": "sip.conf (chan_sip)",
    "acl": "Address lists of Asterisk",
    "conf": "Any .conf file of Asterisk: what the loader does",
    "kamailio": "kamailio.cfg",
}


def on_files(files: Any, config: Any) -> Any:
    """Adds the pages to those that were found."""
    generated = import_module("mkdocs.structure.files").File.generated
    for path, text in pages().items():
        files.append(generated(config, path, content=text))
    return files


def pages() -> dict[str, str]:
    """Path below the site's root to Markdown."""
    checks = symptoms.every()
    assert {check.registered.family for check in checks} <= set(FAMILIES)
    found = {f"checks/{check.registered.id}.md": _joined(_check(check)) for check in checks}
    guides = {page: _joined(made) for page, made in _guides().items()}
    return (
        found
        | guides
        | {
            "checks/index.md": _joined(_checks(checks)),
            "symptoms.md": _joined(_symptoms(checks)),
            "log.md": _joined(_log(checks)),
            "settings.md": _joined(_settings()),
            "commands.md": _joined(_commands()),
        }
    )


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


# --------------------------------------------------------------------------------------------------------------- guides


def _guides() -> dict[str, list[str]]:
    """Pages that are parts of the repository's other documents."""
    guides = {
        "old-tree.md": ["# An old tree", _text_of("README.md", "## An old tree")],
        "templates.md": ["# Templates", _text_of("README.md", "## Templates")],
        "upgrade.md": ["# Before an upgrade", _text_of("README.md", "## Before an upgrade")],
        "pre-commit.md": ["# Before a commit", _text_of("README.md", "## Before a commit")],
        "ansible.md": ["# Before a deploy", _text_of("README.md", "## Before a deploy")],
        "ci.md": ["# In a review", _text_of("README.md", "## In a review")],
    }
    collection = ROOT / "ansible" / "README.md"
    if collection.exists():
        guides["ansible.md"].append(_unlinked(collection.read_text("utf-8")).replace("\n# ", "\n## "))
    return {page: parts for page, parts in guides.items() if parts[1]}


def _text_of(file: str, heading: str, *, keep: bool = False) -> str:
    """What stands below a heading of a document, up to the next of its rank; `keep`: with the heading."""
    level = heading.partition(" ")[0]
    text = (ROOT / file).read_text("utf-8")
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{len(level)}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        return ""
    return _unlinked(f"## {heading.partition(' ')[2]}\n{found[1]}" if keep else found[1]).strip()


def _unlinked(text: str) -> str:
    """Links to files of the repository that are no pages become plain text."""
    return re.sub(r"\[([^\]]*)\]\((?!https?:|#)[^)]*\)", r"\1", text)


# --------------------------------------------------------------------------------------------------------------- checks


def _check(check: Explained) -> Iterator[str]:
    registered, about = check
    safety = demonstration.safety(registered) if registered.check.fix is not None else []
    yield f"---\ntitle: {registered.id}\ndescription: {json.dumps(about.summary)}\n---"
    yield f"# {registered.id}"
    yield f"**{markdown.prose(about.summary)}.**"
    facts = [f"Level: {registered.check.level}", f"Category: {registered.check.category}"]
    facts.append(f"Fix: {' or '.join(safety)}" if safety else "No fix")
    yield " · ".join(facts)
    if about.client_sees:
        yield "## What the client sees"
        yield "\n".join(f"* {_linked(symptom)}" for symptom in about.client_sees)
    for title, text in markdown.sections(about):
        yield f"## {title}"
        yield text
    if registered.check.fix is not None and (sentence := proofs.sentence(registered.id)):
        yield f"The fix is [{markdown.prose(sentence)}](../proofs.md)."
    yield from markdown.examples(registered)
    yield f"In a terminal: `cfglint explain {registered.id}`"


def _linked(symptom: Symptom) -> str:
    anchor = _anchor(symptoms.name(symptom))
    return f"{markdown.seen(symptom)}: [{symptoms.name(symptom)}](../symptoms.md#{anchor})"


def _checks(checks: list[Explained]) -> Iterator[str]:
    yield "# All checks"
    yield (
        "*error*: the server refuses or drops it. *warning*: very probably not what is meant. *info*: worth knowing,"
        " and right for some. A *safe* fix only makes the configuration do what its own lines already say, and lets"
        " nobody else in."
    )
    for family, title in FAMILIES.items():
        yield f"## {title}"
        rows = ["| Check | Level | Fix | What it is about |", "|---|---|---|---|"]
        for check in checks:
            if check.registered.family == family:
                name, what = check.registered.id, check.registered.check
                fix = " or ".join(demonstration.safety(check.registered)) if what.fix is not None else ""
                summary = markdown.prose(check.documentation.summary)
                rows.append(f"| [{name}]({name}.md) | {what.level} | {fix} | {summary} |")
        yield "\n".join(rows)


# ------------------------------------------------------------------------------------------------------------- symptoms


def _symptoms(checks: list[Explained]) -> Iterator[str]:
    yield "# Why 403? Symptoms and their causes"
    yield (
        "Look at what the phone is told, message by message: `sngrep`, `pjsip set logger on` or `sip set debug on`"
        " show it. *At once* means that the server answered the first request so, without asking for a password. *After"
        " the password* means that it asked with 401 or 407 first. *For ever* means that it goes on asking. Each line"
        " leads to a check; `cfglint check` says which of them it is in your configuration."
    )
    yield "The server's log tells more: [messages in the log](log.md)."
    told = set()
    for name, found in symptoms.index(checks).items():
        status = found[0][1].statuses[-1]
        yield f"## {name} {{#{_anchor(name)}}}"
        if status not in told:
            told.add(status)
            meaning = STATUSES[status]
            title = f"{status} {meaning.name}" if isinstance(status, int) else meaning.name
            yield f"**{title}**, RFC 3261 section {meaning.section}. {markdown.prose(meaning.text)}"
        for family, title in FAMILIES.items():
            causes = [_cause(check, symptom) for check, symptom in found if check.registered.family == family]
            if causes:
                yield f"*{title}*"
                yield "\n".join(f"* {cause}" for cause in causes)


def _cause(check: Explained, symptom: Symptom) -> str:
    condition = f" *{markdown.prose(symptom.condition)}*:" if symptom.condition else ""
    request = symptom.request.removeprefix(OUTBOUND)
    name = check.registered.id
    return f"{request}:{condition} [{markdown.prose(check.documentation.summary)}](checks/{name}.md)"


def _log(checks: list[Explained]) -> Iterator[str]:
    yield "# Messages in the log"
    yield (
        "The servers' own words, with `...` for what varies, and the checks that explain them. In a terminal:"
        " `cfglint explain --log 'TEXT'`, or a whole log: `cfglint explain --log - < /var/log/asterisk/messages.log`."
    )
    for title, families in (("Asterisk", ("conf", "acl", "sip", "pjsip")), ("Kamailio", ("kamailio",))):
        messages: dict[str, list[str]] = {}
        for check in checks:
            if check.registered.family in families:
                for message in check.documentation.log:
                    messages.setdefault(message, []).append(check.registered.id)
        yield f"## {title}"
        for message, names in sorted(messages.items(), key=lambda item: re.sub(r"\W", "", item[0]).lower()):
            links = ", ".join(f"[{name}](checks/{name}.md)" for name in names)
            yield f"* `{message}`<br>{links}"


def _anchor(name: str) -> str:
    return name.replace(" ", "-")


# ------------------------------------------------------------------------------------------------ settings and commands


def _settings() -> Iterator[str]:
    schema = json.loads(resources("cfglint").joinpath("settings.schema.json").read_text("utf-8"))
    yield "# Settings"
    yield _text_of("README.md", "### Settings")
    yield _text_of("README.md", "### Leaving something out", keep=True)
    yield "## Reference"
    yield from _properties(schema["properties"], schema.get("definitions", {}), "")


def _properties(properties: dict[str, Any], definitions: dict[str, Any], prefix: str) -> Iterator[str]:
    for name, found in properties.items():
        yield f"### `{prefix}{name}`"
        yield markdown.prose(found["description"])
        yield f"*{_kind(found, definitions)}*" + (f", by default `{found['default']}`" if "default" in found else "")
        if "properties" in found:
            yield from _properties(found["properties"], definitions, f"{prefix}{name}.")


def _kind(found: dict[str, Any], definitions: dict[str, Any]) -> str:
    """The type of a value in words."""
    if "$ref" in found:
        return _kind(definitions[found["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in found:
        return " or ".join(dict.fromkeys(_kind(one, definitions) for one in found["anyOf"]))
    if "enum" in found:
        return "one of " + ", ".join(f"`{value}`" for value in found["enum"])
    if found["type"] == "array":
        return f"a list of {_kind(found['items'], definitions)}"
    if found["type"] == "object":
        inner = found.get("additionalProperties")
        return f"a mapping to {_kind(inner, definitions)}" if isinstance(inner, dict) else "a mapping"
    return {"string": "text", "boolean": "yes or no", "integer": "a number"}[found["type"]]


def _commands() -> Iterator[str]:
    yield "# Commands"
    yield (
        "`cfglint COMMAND --help` says the same; `cfglint manual | man -l -` shows it as a manual page, and"
        " `cfglint manual > /usr/local/share/man/man1/cfglint.1` installs that."
    )
    yield _text_of("README.md", "### Completion and manual", keep=True)
    for page in manual.pages():
        yield f"## cfglint {page.name}"
        yield f"```text\ncfglint {page.name} [OPTION]... {page.arguments}".rstrip() + "\n```"
        yield markdown.prose(page.text)
        if page.options:
            rows = ["| Option | |", "|---|---|"]
            for option in page.options:
                names = ", ".join(f"`{name}`" for name in option.names)
                choices = option.value[1:-1].replace("|", ", ") if option.value.startswith("[") else option.value
                value = f" `{choices}`" if choices else ""
                rows.append(f"| {names}{value} | {markdown.prose(option.text)} |")
            yield "\n".join(rows)
