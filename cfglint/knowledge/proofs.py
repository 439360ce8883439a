"""Which fixes were tried on real servers, and what these showed. The table ``docs/proofs.md`` says the same."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from cfglint.namedtuples import NamedTuple


class Proof(NamedTuple):
    """What real servers show of a check's fix."""

    servers: tuple[tuple[str, tuple[str, ...]], ...]
    """Products with the versions that were asked; none where no request shows what the fix is for."""
    effect: str
    unproven: str
    """Why there is no proof; empty where there is one."""

    @property
    def shown(self) -> str:
        """The servers in words: ``Asterisk 16.28, 22.10``."""
        return "; ".join(f"{product.capitalize()} {', '.join(versions)}" for product, versions in self.servers)


PRODUCTS = ("asterisk", "kamailio")


@cache
def every() -> dict[str, Proof]:
    """All proofs by check."""
    data = json.loads(files(__package__).joinpath("proofs.json").read_text("utf-8"))
    return {
        check: Proof(
            tuple((product, tuple(about[product])) for product in PRODUCTS if product in about),
            about.get("effect", ""),
            about.get("unproven", ""),
        )
        for check, about in data.items()
    }


def sentence(check: str) -> str:
    """What is to be said of a check's fix; empty where it was not tried."""
    proof = every().get(check)
    if proof is None:
        return ""
    return f"proven on {proof.shown}: {proof.effect}" if proof.servers else f"not proven: {proof.unproven}"
