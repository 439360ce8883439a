"""Which words are reserved in which Kamailio version, and since when the language has which construct (core/cfg.lex and
core/cfg.y of the release branches)."""

from __future__ import annotations

Version = tuple[int, int]

VERSIONS: tuple[Version, ...] = ((5, 4), (5, 5), (5, 6), (5, 7), (5, 8), (6, 0), (6, 1))
"""The versions that are known, oldest first."""

_FIRST, _LAST = VERSIONS[0], VERSIONS[-1]

_SINCE: dict[Version, str] = {
    (5, 5): "async_workers_group dst_blocklist_expire dst_blocklist_gc_interval dst_blocklist_init dst_blocklist_mem "
    "dst_blocklist_sctp_imask dst_blocklist_tcp_imask dst_blocklist_tls_imask dst_blocklist_ttl "
    "dst_blocklist_udp_imask hdr_name_extra_chars ipv6_hex_style loadmodulex local_rport modparamx "
    "pre_routing_callback selval sip_parser_log sip_parser_mode use_dst_blocklist wait_worker1_mode wait_worker1_time "
    "wait_worker1_usleep",
    (5, 6): "IPV4 IPV6 IPv4 IPv6 ipv4 ipv6 sip_parser_log_oneline tcp_script_mode tcp_wait_data virtual",
    (5, 7): "auto_domains bind dns_rev_via dns_use_cache dns_use_failover domain msg_recv_max_size return_mode "
    "rpc_exec_delta socket tcp_accept_iplimit tcp_check_timer tcp_close_rst tcp_msg_data_timeout tcp_msg_read_timeout "
    "tls_threads_mode",
    (5, 8): "maxsndbuffer mem_add_size request_route_callback tcp_accept_protocols tcp_accept_protos "
    "xavp_via_reply_params",
    (6, 0): "AGNAME agname async_tkv_evcb async_tkv_gname udp_receiver_mode",
    (6, 1): "VRF coreparam msg_apply_changes_mode msg_clone_extra_size tcp_listen_backlog tcp_main_threads "
    "tls_connection_match_domain vrf",
}
_UNTIL: dict[Version, str] = {
    (5, 4): "dst_blacklist_expire dst_blacklist_gc_interval dst_blacklist_init dst_blacklist_mem "
    "dst_blacklist_sctp_imask dst_blacklist_tcp_imask dst_blacklist_tls_imask dst_blacklist_ttl "
    "dst_blacklist_udp_imask use_dst_blacklist",
}

WORDS: dict[str, tuple[Version, Version]] = {
    **{word: (since, _LAST) for since, words in _SINCE.items() for word in words.split()},
    **{word: (_FIRST, until) for until, words in _UNTIL.items() for word in words.split()},
}
"""Words that are not reserved in all versions: the first and the last version in which they are."""

DIRECTIVES: dict[str, Version] = {
    "defenv": (5, 5),
    "defenvs": (5, 6),
    "trydefenv": (5, 6),
    "trydefenvs": (5, 6),
    "defexp": (5, 7),
    "defexps": (5, 7),
    "ifexp": (5, 7),
}
"""Directives that not all versions have: the first that does. Before, they are comments."""

LOADMODULE_PARENTHESES: Version = (5, 7)
"""``loadmodule("m.so", "g")``."""
ADVERTISED_PROTOCOL: Version = (5, 8)
"""``advertise udp:1.2.3.4:5060``."""
PORT_RANGE: Version = (6, 0)
"""``bind = udp:1.2.3.4:5060-5070`` in a ``socket`` block."""


def reserved(word: str, version: Version) -> bool:
    """Is a word of `WORDS` reserved in a version?"""
    first, last = WORDS[word]
    return first <= version <= last
