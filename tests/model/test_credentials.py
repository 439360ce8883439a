"""What drops an auth, by kind of release."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.model.credentials import digests, unusable
from tests.support import pjsip_of

MD5 = "0123456789abcdef" * 2
SHA = MD5 * 2


@pytest.mark.parametrize(
    ("lines", "old", "new"),
    [
        ("password=x", True, True),
        ("", True, False),
        ("auth_type=md5\npassword=x", False, True),
        (f"md5_cred={MD5}", True, True),
        (f"auth_type=md5\nmd5_cred={MD5}", True, True),
        (f"auth_type=md5\nmd5_cred={MD5[:-1]}", False, False),
        (f"auth_type=digest\nmd5_cred={MD5}", False, True),
        (f"password_digest=SHA-256:{SHA}", True, False),
        ("auth_type=google_oauth", False, False),
        ("auth_type=google_oauth\nrefresh_token=a\noauth_clientid=b\noauth_secret=c", True, True),
    ],
)
def test_unusable(tmp_path: Path, lines: str, old: bool, new: bool) -> None:
    auth = pjsip_of(tmp_path, f"[1]\ntype=auth\nusername=1\n{lines}\n").declared["auth"][0]
    assert (unusable(auth, False, ("MD5",)) is None) is old
    assert (unusable(auth, True, ("MD5",)) is None) is new


def test_each_algorithm_wants_its_digest(tmp_path: Path) -> None:
    auth = pjsip_of(tmp_path, f"[1]\ntype=auth\nusername=1\npassword_digest=MD5:{MD5}\n").declared["auth"][0]
    assert digests(auth) == {"MD5": MD5}
    assert unusable(auth, True, ("MD5", "sha-256")) == "has neither a password nor a digest for sha-256"
