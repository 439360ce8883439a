"""Writes a pjsip.conf with any number of endpoints: templates, an endpoint, an auth and an AOR per phone, comments.

    python benchmarks/generate.py 10000 > pjsip.conf

The same number always gives the same bytes. cfglint has nothing to report on it but what a careful reader would.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

HEAD = """\
; A large office: every phone has an endpoint, an auth and an AOR of its own.

[global]
type = global
user_agent = pbx

[transport-udp]
type = transport
protocol = udp
bind = 0.0.0.0:5060

[transport-tls]
type = transport
protocol = tls
bind = 0.0.0.0:5061
cert_file = /etc/asterisk/keys/pbx.pem
priv_key_file = /etc/asterisk/keys/pbx.key

; ---- templates

[phone](!)
type = endpoint
transport = transport-udp
context = from-internal
disallow = all
allow = g722,alaw,ulaw
direct_media = no
rtp_symmetric = yes
force_rport = yes
rewrite_contact = yes
dtmf_mode = rfc4733

[login](!)
type = auth
auth_type = userpass

[place](!)
type = aor
max_contacts = 2
remove_existing = yes
qualify_frequency = 60
"""

ROOMS = ("reception", "office", "workshop", "store", "meeting room", "gate")


def phone(number: int) -> Iterator[str]:
    """The lines of one phone; every third one through templates, the others in full as provisioning writes them."""
    name = str(1_000_000 + number)
    secret = f"k{number * 2654435761 % 4294967296:08x}Q{number % 97}"
    yield f"; {ROOMS[number % len(ROOMS)]} {number // len(ROOMS)}"
    if number % 3 == 0:
        yield f"[{name}](phone)"
    else:
        yield f"[{name}]"
        yield "type = endpoint"
        yield "transport = transport-udp"
        yield "context = from-internal"
        yield "disallow = all"
        yield "allow = alaw,ulaw  ; no wide band here"
        yield "direct_media = no"
        yield "rtp_symmetric = yes"
        yield "force_rport = yes"
        yield "rewrite_contact = yes"
    yield f"auth = {name}-auth"
    yield f"aors = {name}"
    yield f'callerid = "{ROOMS[number % len(ROOMS)].title()} {number}" <{name}>'
    yield f"mailboxes = {name}@default"
    yield ""
    if number % 3 == 0:
        yield f"[{name}-auth](login)"
    else:
        yield f"[{name}-auth]"
        yield "type = auth"
        yield "auth_type = userpass"
    yield f"username = {name}"
    yield f"password = {secret}"
    yield ""
    if number % 3 == 0:
        yield f"[{name}](place)"
    else:
        yield f"[{name}]"
        yield "type = aor"
        yield "max_contacts = 1"
        yield "remove_existing = yes"
        yield "qualify_frequency = 60"
    yield ""


def generate(count: int) -> Iterator[str]:
    """The file, line by line."""
    yield HEAD
    for number in range(count):
        yield from phone(number)


def repository(folder: Path, trees: int, files: int) -> None:
    """A repository of several offices: a tree of so many `files` each, the root and one for each phone."""
    for office in range(trees):
        tree = folder / f"office{office}"
        (tree / "pjsip.d").mkdir(parents=True, exist_ok=True)
        (tree / "pjsip.conf").write_text(f"{HEAD}\n#include pjsip.d/*.conf\n")
        for number in range(files - 1):
            path = tree / "pjsip.d" / f"{number}.conf"
            path.write_text("".join(f"{line}\n" for line in phone(office * files + number)))


def main() -> None:
    """Write the file to standard output."""
    sys.stdout.writelines(f"{line}\n" for line in generate(int(sys.argv[1])))


if __name__ == "__main__":
    main()
