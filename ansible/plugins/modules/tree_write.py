#!/usr/bin/python
"""The part of config_fix that runs on the target: writes files, all or none."""

DOCUMENTATION = r"""
module: tree_write
short_description: Write the files that config_fix mended
description:
  - Used by M(cfglint.sip.config_fix); call that.
  - Every file must still be what was read. Each is put in place in one step; when one cannot be, the others get their
    old content back.
options:
  paths:
    description: The files.
    type: list
    elements: path
    required: true
  checksums:
    description: The SHA-256 that each must have now.
    type: list
    elements: str
    required: true
  contents:
    description: The new content of each, in base64.
    type: list
    elements: str
    required: true
  backup:
    description: Keep a copy of each file beside it.
    type: bool
    default: false
attributes:
  check_mode:
    support: none
    description: In check mode config_fix does not call it.
author:
  - The cfglint developers
"""

EXAMPLES = r"""
- name: Call this one
  cfglint.sip.config_fix:
    paths: [/etc/asterisk]
"""

RETURN = r"""
backup_files:
  description: File to its copy.
  returned: success
  type: dict
"""

import base64
import hashlib
import os
import tempfile

from ansible.module_utils.basic import AnsibleModule


def main():
    """Verify all, prepare all, then put all in place."""
    module = AnsibleModule(
        argument_spec={
            "paths": {"type": "list", "elements": "path", "required": True},
            "checksums": {"type": "list", "elements": "str", "required": True},
            "contents": {"type": "list", "elements": "str", "required": True, "no_log": True},
            "backup": {"type": "bool", "default": False},
        },
    )
    names = ("paths", "checksums", "contents")
    changes = [verified(module, *change) for change in zip(*(module.params[name] for name in names))]
    backups = {}
    if module.params["backup"]:
        backups = {path: module.backup_local(path) for path, _before, _after in changes}
    staged = [(path, before, stage(module, after)) for path, before, after in changes]
    done = []
    try:
        for path, before, temporary in staged:
            done.append((path, before))
            module.atomic_move(temporary, os.path.realpath(path))
    except SystemExit:  # that is how atomic_move ends the module where it fails; it has said why
        for path, before in done:
            module.atomic_move(stage(module, before), os.path.realpath(path))
        for name in backups.values():
            os.unlink(name)
        raise
    module.exit_json(changed=bool(changes), backup_files=backups)


def verified(module, path, checksum, content):
    """A file, what it holds and what it shall hold; ends the module if it is not as it was read."""
    try:
        with open(path, "rb") as stream:
            before = stream.read()
    except OSError as error:
        module.fail_json(msg=f"{path}: cannot be read: {error.strerror}; nothing was changed")
    if hashlib.sha256(before).hexdigest() != checksum:
        module.fail_json(msg=f"{path}: was changed by somebody else in the meantime; nothing was changed")
    return path, before, base64.b64decode(content)


def stage(module, content):
    """Content in a temporary file, for `AnsibleModule.atomic_move`, which keeps owner, mode and security context."""
    descriptor, temporary = tempfile.mkstemp(dir=module.tmpdir)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
    return temporary


if __name__ == "__main__":
    main()
