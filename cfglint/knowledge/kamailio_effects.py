"""What a module's functions do, as far as that holds for the module as a whole (src/modules/ of Kamailio 5.4 to 6.1).

What a single function does to an answer is the simulator's business.
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
