"""The functions that check a digest, and those that ask for one."""

from __future__ import annotations

DATABASE_CHECKS = ("auth_check", "www_authenticate", "www_authorize", "proxy_authenticate", "proxy_authorize")
"""auth_db's: realm and table are the first arguments."""
PASSWORD_CHECKS = (
    "pv_auth_check",
    "pv_www_authenticate",
    "pv_www_authorize",
    "pv_proxy_authenticate",
    "pv_proxy_authorize",
)
"""auth's: realm, password and flags are the first arguments."""
CHALLENGES = ("auth_challenge", "www_challenge", "proxy_challenge")
