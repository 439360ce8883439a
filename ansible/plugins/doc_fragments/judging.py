"""Documentation of the options that config_check and config_fix have in common."""


class ModuleDocFragment:
    """What `plugin_utils/judging.py` takes of both."""

    DOCUMENTATION = r"""
options:
  paths:
    description:
      - Directories of configuration, or files, on the target. Without any, V(/etc/asterisk) and V(/etc/kamailio) as far
        as they exist.
    type: list
    elements: path
    default: []
  targets:
    description: The versions of the servers, such as V(asterisk=20.20) and V(kamailio=5.6).
    type: list
    elements: str
    default: []
  select:
    description: Only these checks, and their fixes; beginnings of ids count, too.
    type: list
    elements: str
    default: []
  ignore:
    description: Not these checks, nor their fixes.
    type: list
    elements: str
    default: []
  installed_at:
    description: The server's own configuration directory, where it is another than usual.
    type: path
  settings:
    description: A settings file on the controller, in place of the V(.cfglint.yaml) on the target.
    type: path
  executable:
    description: The controller's cfglint, where it is neither in Ansible's environment nor on the PATH.
    type: path
"""
