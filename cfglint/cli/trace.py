"""``cfglint trace``."""

from __future__ import annotations

from typing import Any

import click

from cfglint.cli.options import Input, read_input, with_input
from cfglint.cli.output import emit
from cfglint.errors import UsageProblem
from cfglint.knowledge.names import nearest
from cfglint.remedies import advise
from cfglint.rendered import settled
from cfglint.simulate.phone import Phone, accounts, phone_for
from cfglint.simulate.request import KNOWN, Request, World, read_request, read_requests
from cfglint.tracing import trace
from cfglint.trees import asterisk_trees
from cfglint.yamlfile import read_yaml

FORMATS = ("text", "json", "dot", "mermaid")


@click.command("trace", short_help="Say what the server answers to a request, and why.")
@with_input
@click.option("--requests", "requests_file", metavar="FILE", help="YAML file of requests, played in order.")
@click.option("--register", metavar="USER@HOST", help="Trace one REGISTER.")
@click.option("--invite", nargs=2, metavar="FROM TO", help="Trace one INVITE.")
@click.option("--as-phone", metavar="ACCOUNT", help="Trace what a normal telephone sends for an account.")
@click.option("--auth-user", metavar="NAME", help="The digest user (Auth ID) [the user of From].")
@click.option("--password", metavar="TEXT", help="The password [the right one].")
@click.option("--source", metavar="IP[:PORT]", help="Where the request comes from [192.0.2.1].")
@click.option("--destination", metavar="IP[:PORT]", help="Where the server is addressed.")
@click.option("--transport", metavar="NAME", help="udp, tcp, tls, ws or wss [udp].")
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), default="text", help="[text]")
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of standard output.")
def command(requests_file: str | None, form: str, output: str | None, **options: Any) -> None:
    """Say what the server will answer to a request, step by step, and which line decides it.

    For a refusal the text also tells which fixes would turn it into 200, and what would not help; each was simulated.
    Without --target the server is Asterisk 20 where chan_sip answers, else Asterisk 22, or the newest Kamailio that
    takes the file. The formats dot and mermaid draw the routes of a kamailio.cfg that the requests take.

    Exit codes: 0 the answers are told, whatever they are; 2 the work could not be done.
    """
    _require_one(requests_file, options)
    request_options = {
        name: options.pop(name)
        for name in ("register", "invite", "as_phone", "auth_user", "password", "source", "destination", "transport")
    }
    given = read_input(**options)
    request, files = settled(given.request, given.files)
    given = given._replace(request=request, files=files)
    phone = _phone(given, request_options)
    requests, world = _requests(requests_file, request_options)
    result = trace(given.request, given.files, requests, world)
    if form in ("dot", "mermaid"):
        if not any(answer.passages for answer in result.answers):
            raise UsageProblem(f"there is nothing to draw: no request runs through a routing script ({result.target})")
        from cfglint.render.routes import as_dot, as_mermaid

        emit((as_dot if form == "dot" else as_mermaid)(result), output, given.files.sources)
        return
    from cfglint.render.trace import as_json, as_text

    if form == "json":
        emit(as_json(result), output, given.files.sources)
        return
    advice = {
        answer.id: advise(given.request, given.overlays, requests, world, answer)
        for answer in result.answers
        if not answer.accepted
    }
    emit(as_text(result, advice, phone), output, given.files.sources)


_WAYS = ("as_phone", "register", "invite")
"""The options that say of themselves which request it is."""


def _require_one(requests_file: str | None, options: dict[str, Any]) -> None:
    """Raises `UsageProblem` unless it is said in just one way, and a usable one, which requests are meant."""
    ways = [f"--{name.replace('_', '-')}" for name in _WAYS if options[name]]
    ways += ["--requests"] if requests_file is not None else []
    if not ways:
        raise UsageProblem(
            "say which request: --as-phone ACCOUNT, --register USER@HOST, --invite FROM TO, --requests FILE"
        )
    if options["register"] and "@" not in options["register"]:
        raise UsageProblem(f"--register {options['register']}: expected USER@HOST")
    if len(ways) > 1:
        raise UsageProblem(f"{ways[1]} does not go with {ways[0]}; --requests FILE plays several requests in order")


def _phone(given: Input, options: dict[str, Any]) -> Phone | None:
    """Fill in what a telephone sends for --as-phone."""
    account = options.pop("as_phone")
    if account is None:
        return None
    known: list[str] = []
    request = given.request
    for tree in asterisk_trees(request.roots, given.files, request.targets, request.installed_at, []):
        domain = (options["destination"] or "pbx.example").partition(":")[0]
        phone = phone_for(tree, account, domain)
        known += accounts(tree)
        if phone is not None:
            options["register"] = f"{phone.user_id}@{phone.domain}"
            options["auth_user"] = options["auth_user"] or phone.auth_id
            options["transport"] = options["transport"] or phone.transport
            return phone
    close = nearest(account, known)
    raise UsageProblem(f"--as-phone: there is no account {account!r}" + (f"; did you mean {close}?" if close else ""))


def _requests(path: str | None, options: dict[str, Any]) -> tuple[list[Request], World]:
    if path is not None:
        return read_requests(read_yaml(path, path), path)
    fields = {name: value for name, value in options.items() if value and name not in ("register", "invite")}
    fields.setdefault("password", KNOWN)
    if options["register"]:
        fields |= {"method": "REGISTER", "from": options["register"], "to": options["register"]}
    else:
        fields |= {"method": "INVITE", "from": options["invite"][0], "to": options["invite"][1]}
    return [read_request(fields, "the request", fields["method"])], World()
