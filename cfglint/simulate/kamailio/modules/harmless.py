"""Functions that change nothing that decides an answer and always succeed: logging, accounting, media, statistics."""

from __future__ import annotations

_NAMES = {
    "acc": "acc_log_request acc_db_request acc_diam_request acc_rad_request acc_request",
    "acc_db": "acc_db_request",
    "debugger": "dbg_pv_dump dbg_sip_msg",
    "dialog": (
        "dlg_manage dlg_set_timeout dlg_set_timeout_by_profile set_dlg_profile unset_dlg_profile dlg_setflag"
        " dlg_resetflag dlg_set_property dlg_set_var dlg_set_ruri dlg_reset_property dlg_remote_profile dlg_refer"
    ),
    "diversion": "add_diversion",
    "jsonrpcs": "jsonrpc_dispatch",
    "path": "add_path add_path_received",
    "pv_headers": "pvh_collect_headers pvh_apply_headers pvh_reset_headers pvh_set_header pvh_append_header",
    "rtpengine": (
        "rtpengine_offer rtpengine_answer rtpengine_manage rtpengine_delete set_rtpengine_set start_recording"
        " stop_recording block_media unblock_media block_dtmf unblock_dtmf play_media stop_media rtpengine_query"
    ),
    "rtpproxy": (
        "rtpproxy_offer rtpproxy_answer rtpproxy_manage rtpproxy_destroy unforce_rtp_proxy force_rtp_proxy"
        " set_rtp_proxy_set start_recording"
    ),
    "mediaproxy": "use_media_proxy end_media_session engage_media_proxy",
    "sdpops": (
        "sdp_remove_codecs_by_name sdp_remove_codecs_by_id sdp_keep_codecs_by_name sdp_keep_codecs_by_id sdp_print"
    ),
    "sipcapture": "sip_capture",
    "sipdump": "sipdump_send",
    "siptrace": "sip_trace hlog sip_trace_mode",
    "statistics": "update_stat reset_stat",
    "tcpops": (
        "tcp_keepalive_enable tcp_keepalive_disable tcp_set_connection_lifetime tcp_enable_closed_event"
        " tcp_set_otcpid tcp_set_otcpid_flag"
    ),
    "textopsx": "msg_set_buffer change_reply_status keep_hf msg_apply_changes",
    "uac": "uac_replace_from uac_replace_to uac_restore_from uac_restore_to",
}
"""Module to the names of its functions."""


def _succeed(run: object, arguments: object) -> int:
    return 1


FUNCTIONS = {module: dict.fromkeys(names.split(), _succeed) for module, names in _NAMES.items()}
"""Module to its functions."""
