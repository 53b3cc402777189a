"""Libraries that only some formats need."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from kg.errors import ConfigError


def library(name: str, wanted_by: str) -> Any:
    """A module of a library that is installed with an extra of the same name as the format that needs it.

    Raises:
        ConfigError: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise ConfigError(
            f"{wanted_by} needs {package}, which is not installed: pip install 'markdown-kg[{wanted_by}]'"
        ) from error
