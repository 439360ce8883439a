"""xhttp: replies to HTTP requests; those of SIP never come here."""

from __future__ import annotations

FUNCTIONS = {"xhttp_reply": lambda run, arguments: 1}
