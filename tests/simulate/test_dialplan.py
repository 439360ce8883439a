"""What extensions.conf holds."""

from __future__ import annotations

import pytest

from cfglint.files import Files
from cfglint.resolve.asterisk import load
from cfglint.simulate.dialplan import Dialplan

TEXT = """[phones]
include => lamps
include => phones
exten => 100,1,Dial(SIP/100)
[lamps]
exten => 100,hint,SIP/100
[trunk]
exten => hint,1,Answer()
"""


@pytest.mark.parametrize(("context", "hints"), [("lamps", True), ("phones", True), ("trunk", False), ("gone", False)])
def test_hints(context: str, hints: bool) -> None:
    dialplan = Dialplan(load("extensions.conf", Files({"extensions.conf": TEXT})))
    assert dialplan.has_hints(context) is hints
