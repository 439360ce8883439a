"""What several places ask of Kamailio's modules: which of their functions do the same kind of thing, and what the bits
of a parameter stand for (src/modules/ of 5.4 to 6.1).

What one function does to an answer is the simulator's business.
"""

from __future__ import annotations

SET_WHAT_THEY_ARE_TOLD = frozenset(
    "acc auth auth_db auth_ephemeral avpops cfg_rpc cfgutils corex counters ctl db_mysql db_postgres db_sqlite db_text"
    " debugger dialog domain htable jansson jsonrpcs kex maxfwd nathelper outbound path permissions pike pv registrar"
    " rr rtpengine rtpproxy sanity siputils sl sqlops stun textops textopsx tls tm tmx uac uri_db usrloc websocket"
    " xhttp xlog".split()
)
"""Modules that only set the variables that they are told to; others, such as those of IMS, have names of their own."""

MAKE_NO_TRANSACTION = frozenset(
    "auth auth_db avpops corex domain htable kex maxfwd nathelper permissions pike pv registrar rr sanity siputils sl"
    " sqlops textops textopsx uri_db xlog".split()
)
"""Modules none of whose functions makes a transaction of tm."""

LOOKS_AT_TRANSACTIONS = (
    "t_reply",
    "t_check",
    "t_lookup",
    "t_on_",
    "t_set_",
    "t_reset_",
    "t_is_",
    "t_precheck_trans",
    "t_any_",
)
"""The beginnings of names of functions of tm and tmx that only look at a transaction, or prepare one."""

DATABASE_CHECKS = ("auth_check", "www_authenticate", "www_authorize", "proxy_authenticate", "proxy_authorize")
"""Functions of auth_db that check a digest: realm and table are the first arguments."""
PASSWORD_CHECKS = (
    "pv_auth_check",
    "pv_www_authenticate",
    "pv_www_authorize",
    "pv_proxy_authenticate",
    "pv_proxy_authorize",
)
"""Functions of auth that check a digest: realm, password and flags are the first arguments."""
CHALLENGES = ("auth_challenge", "www_challenge", "proxy_challenge")
"""Functions that ask for a digest."""

BY_ADDRESS = ("allow_source_address", "allow_source_address_group", "allow_address", "allow_address_group")
"""Functions of permissions that ask the address table, or the address file."""
BY_TRUST = ("allow_trusted",)
"""Functions of permissions that ask the trusted table, which is always in a database."""
ADDRESSES, TRUSTED, ALLOW_FILE, DENY_FILE, ALL_BACKENDS = 1, 2, 4, 8, 0xFFFF
"""Bits of permissions' parameter load_backends, and its default (src/modules/permissions/permissions.c)."""

REPLIES = frozenset({"sl_send_reply", "send_reply", "sl_reply", "t_reply", "t_send_reply"})
"""Functions that send the code of their first argument with the reason of the second."""
LOGGING = frozenset({"xlog", "xlogl", "xdbg", "xinfo", "xnotice", "xwarn", "xerr", "xcrit", "xalert"})
"""Functions of xlog: they write a line, and change nothing."""
RELAYS = ("t_relay", "t_relay_to", "t_relay_to_udp", "t_relay_to_tcp", "t_relay_to_tls", "forward")
"""Functions that send a request on."""
