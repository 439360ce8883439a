from __future__ import annotations

import pytest

from cfglint import registry
from cfglint.knowledge import proofs
from cfglint.notices import NOTICES, Notice
from tests.cli.support import run


@pytest.mark.parametrize("registered", [pytest.param(r, id=r.id) for r in registry.every()])
def test_every_check_is_explained(registered: registry.Registered) -> None:
    result = run("explain", registered.id)
    assert (result.exit_code, result.stderr) == (0, "")
    title, _, rest = result.stdout.partition("\n")
    assert title.startswith(f"{registered.id} ({registered.check.level}, {registered.check.category}")
    assert ("; the fix is " in title) == (registered.check.fix is not None)
    assert f"\n{registered.documentation.strip()}\n" in rest
    for word in ("\nBad:\n", "\nGood:\n"):
        assert word in rest
    assert "«" not in rest


def test_how_safe_a_fix_is() -> None:
    assert "; the fix is unsafe)" in run("explain", "conf-quoted-secret").stdout
    assert "; the fix is safe)" in run("explain", "acl-host-bits-set").stdout


def test_on_which_servers_a_fix_was_tried() -> None:
    assert (
        "\nThe fix is proven on Asterisk 16.28, 22.10: who was refused is accepted.\n"
        in run("explain", "pjsip-aor-max-contacts-zero").stdout
    )
    assert "\nThe fix is proven on Asterisk 16.28: " in run("explain", "sip-type-user-register").stdout
    assert "\nThe fix is proven on Asterisk 22.10: " in run("explain", "pjsip-registration-no-retry-after-403").stdout


def test_why_a_fix_was_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    unproven = proofs.Proof((), "", "nobody calls for a year")
    monkeypatch.setattr(proofs, "every", lambda: {"sip-call-limit": unproven})
    assert "\nThe fix is not proven: nobody calls for a year.\n" in run("explain", "sip-call-limit").stdout


def test_an_example_of_several_files() -> None:
    text = run("explain", "pjsip-required-module-disabled").stdout
    assert "    --- modules.conf\n    [modules]\n" in text


@pytest.mark.parametrize("notice", NOTICES)
def test_every_notice_is_explained(notice: Notice) -> None:
    result = run("explain", notice.id)
    assert (result.exit_code, result.stdout) == (0, f"{notice.id} ({notice.level}, style)\n\n{notice.documentation}")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("conf-no-equal", "did you mean conf-no-equals?"),
        ("unused-supression", "did you mean unused-suppression?"),
        ("max-contacts-zero", "did you mean pjsip-aor-max-contacts-zero?"),
        ("wizard_contacts", "did you mean pjsip-wizard-no-max-contacts?"),
        ("nonsense", "'cfglint rules' lists them"),
        ("", "'cfglint rules' lists them"),
    ],
)
def test_an_unknown_check(name: str, hint: str) -> None:
    result = run("explain", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"cfglint: there is no check '{name}'; {hint}\n"


def test_a_beginning_of_several() -> None:
    result = run("explain", "acl-named")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "cfglint: 'acl-named' is the beginning of several checks; 'cfglint rules acl-named' lists them\n"
    )


def test_nothing_at_all() -> None:
    result = run("explain")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "say what to explain: the id of a check, a status such as 403, or --log TEXT" in result.stderr


def test_a_status() -> None:
    text = run("explain", "403").stdout
    assert text.startswith("403 Forbidden (RFC 3261 section 21.4.4)\n\n")
    after = text.partition("\n403 after the password:\n")[2].partition("\n\n")[0]
    at_once = text.partition("\n403 at once:\n")[2].partition("\n\n")[0]
    assert "    pjsip-aor-max-contacts-zero " in after
    assert "    pjsip-anonymous-before-username " in at_once
    assert after.count("sip-type-user-register") == 1
    assert "404" not in at_once


@pytest.mark.parametrize("status", ["timeout", "refused"])
def test_silence(status: str) -> None:
    result = run("explain", status)
    assert result.exit_code == 0
    assert "conf-include-not-found" in result.stdout or "pjsip-transport-without-bind" in result.stdout


def test_an_unknown_status() -> None:
    result = run("explain", "299")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("cfglint: nothing is known of status 299, but of 401, 403,")


LINE = "WARNING[7]: res_pjsip_registrar.c:1214 registrar_on_rx_request: AOR '1001' has no configured max_contacts."
WHOLE = LINE + " Endpoint '1001' (192.0.2.7:5060) unable to register"


def test_a_line_of_a_log() -> None:
    result = run("explain", "--log", WHOLE)
    assert result.exit_code == 0
    first, second = result.stdout.split("\n")[:2]
    assert first == "AOR '...' has no configured max_contacts. Endpoint '...' (...:...) unable to register"
    assert second.startswith("    pjsip-aor-max-contacts-zero   An AOR that takes no registrations")


def test_a_log_on_standard_input() -> None:
    log = f"nothing\n{WHOLE}\n\xff\n{WHOLE}\nNOTICE: 'x' No '=' (equal sign) in line 3 of sip.conf\n"
    result = run("explain", "--log", "-", stdin=log.encode("latin-1"))
    assert result.exit_code == 0
    assert result.stdout.count("has no configured max_contacts") == 1
    assert "\nNo '=' (equal sign) in line ... of ...\n    conf-bom-in-globbed-file" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "stdin", "shown"),
    [(("--log", "all \x1b[31m is well"), b"", r"'all \x1b[31m is well'"), (("--log", "-"), b"fine\n", "the lines")],
)
def test_a_line_that_nobody_knows(arguments: tuple[str, ...], stdin: bytes, shown: str) -> None:
    result = run("explain", *arguments, stdin=stdin)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"cfglint: no check knows {shown}; 'cfglint check' looks at the configuration itself\n"


def test_one_thing_at_a_time() -> None:
    result = run("explain", "403", "--log", "x")
    assert (result.exit_code, result.stderr) == (
        2,
        "cfglint: --log does not go with '403': explain the one or the other\n",
    )
