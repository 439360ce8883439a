"""Documentation of config_fix; the work is done by the action plugin of that name, by tree_read and tree_write."""

DOCUMENTATION = r"""
module: config_fix
short_description: Mend the configuration of Asterisk or Kamailio
description:
  - Reads the configuration on the target, makes the fixes on the controller, which needs cfglint (C(pip install
    sip-cfglint)), and writes the files that changed, all or none. The target needs nothing but Python.
  - A fix is made only if it lets nobody in who has no business to.
extends_documentation_fragment: cfglint.sip.judging
options:
  unsafe:
    description: Make the fixes, too, that a human should look at first.
    type: bool
    default: false
  backup:
    description: Keep a copy of each changed file beside it.
    type: bool
    default: false
  fail_on:
    description: The level from which on the task fails because of what is left.
    type: str
    choices: [info, warning, error, never]
    default: never
attributes:
  check_mode:
    support: full
    description: Tells what would be changed.
  diff_mode:
    support: full
    description: Secrets are masked.
  safe_file_operations:
    support: full
    description: Each file is put in place in one step.
author:
  - The cfglint developers
"""

EXAMPLES = r"""
- name: Mend what can safely be mended, and keep copies
  cfglint.sip.config_fix:
    paths: [/etc/asterisk]
    backup: true
  notify: Reload Asterisk
"""

RETURN = r"""
files:
  description: The files that changed, and the checks whose fixes did it.
  returned: when the tree could be read
  type: list
  elements: dict
backup_files:
  description: File to its copy.
  returned: when files were written
  type: dict
refused:
  description: Fixes that were not made, as they would let a stranger in.
  returned: when the tree could be read
  type: list
  elements: dict
findings:
  description: What is left, as in the JSON of C(cfglint check).
  returned: when the tree could be read
  type: list
  elements: dict
failures:
  description: What could not be checked.
  returned: when the tree could be read
  type: list
  elements: dict
"""
