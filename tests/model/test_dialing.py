from __future__ import annotations

from pathlib import Path

from cfglint.files import Files
from cfglint.model.dialing import devices
from cfglint.resolve.asterisk.loading import load
from tests.support import write_tree

EXTENSIONS = """\
[phones]
exten => 11,hint,PJSIP/kitchen
exten => 11,1,Dial(PJSIP/kitchen&SIP/hall/77,20,r)
 same => n,Dial(PJSIP/0301234@carrier)
 same => n,Dial(SIP/${EXTEN}@carrier:5062)
; exten => 12,1,Dial(SIP/none)
"""


def test_devices_are_found_where_they_are_dialled(tmp_path: Path) -> None:
    write_tree(tmp_path, {"extensions.conf": EXTENSIONS})
    found = devices([None, load(str(tmp_path / "extensions.conf"), Files())])
    assert {device: [place.start.line for place in places] for device, places in found.items()} == {
        ("PJSIP", "kitchen"): [2, 3],
        ("SIP", "hall"): [3],
        ("PJSIP", "carrier"): [4],
        ("SIP", "carrier"): [5],
    }
    assert all(place.text == name for (_, name), places in found.items() for place in places)
