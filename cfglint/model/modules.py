"""modules.conf: which modules are loaded (main/loader.c:load_modules)."""

from __future__ import annotations

from cfglint.model.values import is_true
from cfglint.resolve.asterisk import Config, Option

LOADING = frozenset(("load", "load-now", "preload", "require", "preload-require"))


def decisive(config: Config | None, module: str) -> Option | None:
    """The line of modules.conf that says whether a module is loaded, None where there is none."""
    options = (
        [option for section in config.named("modules") for option in section.options] if config is not None else []
    )
    wanted = module.removesuffix(".so")
    named = [option for option in options if option.value.removesuffix(".so") == wanted]
    for option in named:
        if option.name == "noload":
            return option
    if any(option.name in LOADING for option in named):
        return next(option for option in named if option.name in LOADING)
    return next((option for option in options if option.name == "autoload"), None)


def kept_out(config: Config | None, module: str) -> Option | None:
    """The line of modules.conf that keeps a module from loading, None where there is none."""
    option = decisive(config, module)
    return option if option is not None and option.name == "noload" else None


def loads(config: Config | None, module: str) -> bool:
    """Is a module loaded? Without modules.conf, or if it cannot be read as a whole, it is taken to be."""
    if config is None or config.incomplete:
        return True
    option = decisive(config, module)
    if option is None:
        return not any(option.name in LOADING for section in config.named("modules") for option in section.options)
    return option.name in LOADING or (option.name == "autoload" and is_true(option.value))
