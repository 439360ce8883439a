"""xhttp: replies to HTTP requests; those of SIP never come here (modules/xhttp/xhttp_mod.c)."""

from __future__ import annotations

FUNCTIONS = {"xhttp_reply": lambda run, arguments: 1}
