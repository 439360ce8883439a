from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfglint.edits import replace
from cfglint.secrets import MASK, MAX_LINE, mask, reveals
from cfglint.source import Source, Span, place


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("secret=geheim", f"secret={MASK}"),
        ("  Secret = geheim  ", f"  Secret = {MASK}  "),
        ("secret => geheim ; note", f"secret => {MASK}"),
        ("secret+=geheim", f"secret+={MASK}"),
        ("\ufeffpassword=geheim", f"\ufeffpassword={MASK}"),
        ("md5secret=0123abc", f"md5secret={MASK}"),
        ("remotesecret=geheim", f"remotesecret={MASK}"),
        ("password_digest=MD5:abc", f"password_digest={MASK}"),
        ("md5_cred=abc", f"md5_cred={MASK}"),
        ("inbound_auth/password = geheim", f"inbound_auth/password = {MASK}"),
        (";secret=geheim", f";secret={MASK}"),
        (";-- secret=geheim", f";-- secret={MASK}"),
        ("secert=geheim", f"secert={MASK}"),
        ("pasword=geheim", f"pasword={MASK}"),
        ("secret geheim", f"secret {MASK}"),
        ("password: geheim", f"password: {MASK}"),
        ("register => 1001:geheim@host/1001", f"register => {MASK}"),
        ("auth=bob:geheim@realm", f"auth={MASK}"),
        ("dburl=mysql://user:geheim@host/db", f"dburl=mysql://user:{MASK}@host/db"),
        ('modparam("x", "db_url", "mysql://u:geheim@h/d")', f'modparam("x", "db_url", "mysql://u:{MASK}@h/d")'),
        ('modparam("x", "db_url", "mysql://u:a@b/geheim@h/d")', f'modparam("x", "db_url", "mysql://u:{MASK}@h/d")'),
        ('modparam("auth", "secret", "geheim")', f'modparam("auth", "secret", "{MASK}")'),
        ("  modparam( 'uac' , 'x')modparamx(\"uac\",\"auth_password\",'geheim')", None),
        ('#!define DBPASS "geheim"', f'#!define DBPASS "{MASK}"'),
        ('#!trydef ADMIN_PASSWORD "geheim" # x', f'#!trydef ADMIN_PASSWORD "{MASK}" # x'),
        ('$var(password) = "geheim";', f'$var(password) = "{MASK}";'),
        ('if (!pv_www_authenticate("a", "geheim", "0")) exit;', f'if (!pv_www_authenticate("a", "{MASK}", "0")) exit;'),
        ('pv_auth_check("$fd", \'geheim\', "0", "0");', f'pv_auth_check("$fd", \'{MASK}\', "0", "0");'),
        ('if ($var(password) == "geheim") exit;', f'if ($var(password) == "{MASK}") exit;'),
        ('$var(password) "geheim";', f'$var(password) "{MASK}";'),
        ('modparam("uac", "credential", "u:realm:geheim")', f'modparam("uac", "credential", "{MASK}")'),
        ('modparam("topoh", "mask_key", "geheim")', f'modparam("topoh", "mask_key", "{MASK}")'),
        ("#!define DBPASS geheim", f"#!define DBPASS {MASK}"),
        ("!define DBPASS geheim", f"!define DBPASS {MASK}"),
        ('#!substdef "!DBPASS!geheim!g"', f'#!substdef "!DBPASS!{MASK}"'),
        ('sql_query("a", "select 1 from x where password=\'geheim\'");', None),
        ("server_uri=sip:bob:geheim@host", f"server_uri=sip:bob:{MASK}@host"),
        ("contact=bob:geheim@host", f"contact=bob:{MASK}@host"),
        ("dburl=mysql://user:geheim", f"dburl=mysql://user:{MASK}"),
        ("regster => bob:geheim@host", f"regster => {MASK}"),
        ("m5_cred=geheim", f"m5_cred={MASK}"),
        ("x=0123456789abcdef0123456789abcdef", f"x={MASK}"),
    ],
)
def test_no_secret_is_shown(line: str, shown: str | None) -> None:
    assert shown is None or mask(line).text == shown
    assert "geheim" not in mask(line).text


@pytest.mark.parametrize(
    "line",
    [
        "",
        "host=dynamic",
        "secret=",
        "secret =  ",
        "auth=1001",
        "auth = 1001, 1002-auth",
        "outbound_auth=provider",
        "type=auth",
        "[secret]",
        "context=from-internal",
        "secure_media=yes",
        "match=10.0.0.1",
        "contact=sip:1001@10.0.0.1:5060",
        "http://host:8080/path",
        'modparam("auth_db", "password_column", "password")',
        'pv_www_authenticate("$td", "$avp(password)", "1")',
        "#!define WITH_PASSWORDS",
        'modparam("auth_db", "load_credentials", "id")',
        'modparam("auth_db", "password_column_2", "ha1b")',
        'if (search("To:.*@example\\.org") || uri=~"sips?:[0-9]{3,18}@") exit;',
        'xlset_attr("$id", "caller:%@from.tag");',
        "# registered users for routing",
        "register = ",
    ],
)
def test_everything_else_is_shown(line: str) -> None:
    assert mask(line) == (line, ())


def test_columns_of_the_masked_line() -> None:
    masked = mask("secret=geheim  ")
    assert masked.hidden == (Span(7, 13),)
    assert [masked.column(offset) for offset in (0, 6, 7, 8, 12, 13, 14)] == [0, 6, 7, 7, 7, 15, 16]
    url = mask("a=x://u:p@h")
    assert url.text[url.column(9) :] == "@h"


@given(st.text(alphabet="secrtpaword=:/@ ;#\t", max_size=40))
def test_columns_never_run_backwards_or_out_of_the_line(line: str) -> None:
    masked = mask(line)
    columns = [masked.column(offset) for offset in range(len(line) + 1)]
    assert columns == sorted(columns)
    assert columns[-1] == len(masked.text)
    kept = [offset for offset in range(len(line)) if not any(s.start <= offset < s.end for s in masked.hidden)]
    assert all(masked.text[masked.column(offset)] == line[offset] for offset in kept)


@pytest.mark.parametrize(
    "line",
    [
        "secret=" + " x" * 10**6,
        "secret=" + " " * 10**6 + "x",
        "://" * 10**6,
        "://a:" * 10**6,
        "se" * 10**6,
        "-" * 10**6,
        "modparam(" * 10**5,
        "pv_auth_check(" * 10**5,
        "pv_" + "auth" * 10**5,
        "sip:" * 10**5 + "@",
        "secret" + '"' * 10**5,
        "pwd=" * 10**5,
        "!sub" + " " * 10**5,
    ],
)
def test_a_line_without_end_is_cut(line: str) -> None:
    assert len(mask(line).text) <= 4 * MAX_LINE, "masks may be longer than what they hide"


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("user", "friend", False),
        ("geheim", "other", True),
        ("geheim", "", False),
        ("type", "secret", False),
        ("type=user", "secret=user", True),
        ("type=user", "a=b\nsecret=x\nc=d", True),
        ("user\nsecret=", "", False),
        ("user\nsecret=geheim", "secret=x", True),
        ("secret=", "password=", False),
        ("x\n", "x\r\nsecret=y\r\n", True),
    ],
)
def test_what_an_edit_would_show(old: str, new: str, shown: bool) -> None:
    source = Source("sip.conf", "[a]\ntype=user\nsecret=geheim\nx\n")
    start = source.text.index(old)
    assert reveals(replace(place(source, start, start + len(old)), new)) is shown
