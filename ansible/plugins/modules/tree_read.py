#!/usr/bin/python
"""The part of config_check and config_fix that runs on the target: reads the tree."""

DOCUMENTATION = r"""
module: tree_read
short_description: Read a tree of configuration for config_check and config_fix
description:
  - Used by M(cfglint.sip.config_check) and M(cfglint.sip.config_fix); call those.
  - Keys, certificates and what does not look like text stay on the target.
options:
  paths:
    description:
      - Directories, or files whose directories are read. Without any, V(/etc/asterisk) and V(/etc/kamailio) as far as
        they exist.
    type: list
    elements: path
    required: true
  overlays:
    description: File of the tree to the file whose content is read in its place.
    type: dict
    default: {}
attributes:
  check_mode:
    support: full
    description: It changes nothing.
author:
  - The cfglint developers
"""

EXAMPLES = r"""
- name: Call this one
  cfglint.sip.config_check:
    paths: [/etc/asterisk]
"""

RETURN = r"""
archive:
  description: A gzipped tar archive in base64. It holds the secrets of the configuration.
  returned: success
  type: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.cfglint.sip.plugins.module_utils.tree import Tree, Unreadable


def main():
    """Read, pack, answer."""
    module = AnsibleModule(
        argument_spec={
            "paths": {"type": "list", "elements": "path", "required": True},
            "overlays": {"type": "dict", "default": {}},
        },
        supports_check_mode=True,
    )
    try:
        tree = Tree(module.params["paths"])
        for tree_file, other_file in sorted(module.params["overlays"].items()):
            tree.overlay(tree_file, other_file)
    except Unreadable as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, archive=tree.packed())


if __name__ == "__main__":
    main()
