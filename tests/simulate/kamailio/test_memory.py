"""What is known of one tree is forgotten when others are judged."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.model.kamailio import KamailioTree
from cfglint.simulate.kamailio.probes import probes


def test_a_tree_is_forgotten(tmp_path: Path) -> None:
    known = []
    for number in range(5):
        path = tmp_path / f"kamailio-{number}.cfg"
        path.write_text("request_route { exit; }\n")
        kamailio = KamailioTree(str(path), Files(), Targets()).kamailio
        assert probes(kamailio) is probes(kamailio)
        known.append(weakref.ref(kamailio))
    del kamailio
    gc.collect()
    assert known[0]() is None
