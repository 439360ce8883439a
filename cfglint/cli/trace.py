"""``cfglint trace``."""

from __future__ import annotations

import sys
from typing import Any

import click

from cfglint.cli.check import emit
from cfglint.cli.options import read_input, with_input
from cfglint.engine import trace
from cfglint.errors import UsageProblem
from cfglint.files import read_bytes
from cfglint.render.trace import as_json, as_text
from cfglint.simulate.request import KNOWN, Request, World, read_request, read_requests


@click.command("trace")
@with_input
@click.option("--requests", "requests_file", metavar="FILE", help="YAML file of requests, played in order.")
@click.option("--register", metavar="USER@HOST", help="Trace one REGISTER.")
@click.option("--invite", nargs=2, metavar="FROM TO", help="Trace one INVITE.")
@click.option("--auth-user", metavar="NAME", help="The digest user (Auth ID) [the user of From].")
@click.option("--password", metavar="TEXT", help="The password [the right one].")
@click.option("--source", metavar="IP[:PORT]", help="Where the request comes from [192.0.2.1].")
@click.option("--destination", metavar="IP[:PORT]", help="Where the server is addressed.")
@click.option("--transport", metavar="NAME", help="udp, tcp, tls, ws or wss [udp].")
@click.option("-f", "--format", "form", type=click.Choice(("text", "json")), default="text", help="[text]")
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of standard output.")
def command(requests_file: str | None, form: str, output: str | None, **options: Any) -> None:
    """Say what the server will answer to a request, step by step, and which line decides it."""
    request_options = {
        name: options.pop(name)
        for name in ("register", "invite", "auth_user", "password", "source", "destination", "transport")
    }
    given = read_input(**options)
    requests, world = _requests(requests_file, request_options)
    result = trace(given.request, given.files, requests, world)
    render = as_json if form == "json" else as_text
    emit(render(result), output)
    sys.exit(0)


def _requests(path: str | None, options: dict[str, Any]) -> tuple[list[Request], World]:
    if path is not None:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        try:
            data = YAML(typ="safe", pure=True).load(read_bytes(path, path))
        except (YAMLError, UnicodeError, ValueError) as error:
            raise UsageProblem(f"{path}: is not YAML: {str(error).splitlines()[0]}") from error
        return read_requests(data, path)
    fields = {name: value for name, value in options.items() if value and name not in ("register", "invite")}
    fields.setdefault("password", KNOWN)
    if options["register"]:
        fields |= {"method": "REGISTER", "from": options["register"], "to": options["register"]}
    elif options["invite"]:
        fields |= {"method": "INVITE", "from": options["invite"][0], "to": options["invite"][1]}
    else:
        raise UsageProblem("say which request: --register USER@HOST, --invite FROM TO, or --requests FILE")
    return [read_request(fields, "the request", "request")], World()
