"""Documentation of config_check; the work is done by the action plugin of that name and by tree_read."""

DOCUMENTATION = r"""
module: config_check
short_description: Say which phones Asterisk or Kamailio will refuse, and why
description:
  - Reads the configuration on the target and judges it on the controller, which needs cfglint (C(pip install
    sip-cfglint)). The target needs nothing but Python.
  - Fails by level. Changes nothing, and no secret stands in its result.
extends_documentation_fragment: cfglint.sip.judging
options:
  overlays:
    description:
      - File of the tree to another file on the target, whose content is judged in its place. So a rendered template is
        judged in the tree where it will lie.
    type: dict
    default: {}
  fail_on:
    description: The level from which on the task fails.
    type: str
    choices: [info, warning, error, never]
    default: warning
  sarif:
    description: Return the report as SARIF, too.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
    description: It changes nothing, so it does the same.
  diff_mode:
    support: none
    description: There is nothing to show.
author:
  - The cfglint developers
"""

EXAMPLES = r"""
- name: Check what is installed
  cfglint.sip.config_check:
    paths: [/etc/asterisk]
    targets: [asterisk=20.20]

- name: Check a rendered file in the tree where it will lie
  cfglint.sip.config_check:
    paths: [/etc/asterisk]
    overlays:
      /etc/asterisk/pjsip.d/201.conf: /root/stage/201.conf
"""

RETURN = r"""
findings:
  description: As in the JSON of C(cfglint check).
  returned: when the tree could be read
  type: list
  elements: dict
failures:
  description: What could not be checked.
  returned: when the tree could be read
  type: list
  elements: dict
summary:
  description: How many files were read, and how many findings there are of each level.
  returned: when the tree could be read
  type: dict
sarif:
  description: The report as SARIF 2.1.0.
  returned: when asked for
  type: dict
"""
