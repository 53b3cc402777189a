"""The parsers of YAML: libyaml, and where it refuses PyYAML's own.

Both are asked for events and nodes only (YAML 1.1, https://yaml.org/spec/1.1/), never for values: nodes keep the text
and the place, and there is nothing that could run anything.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import yaml
from yaml.scanner import ScannerError

from kg.reading.yaml.faults import NO_CHARACTER, Refused
from kg.text.characters import SURROGATE

T = TypeVar("T")


class _Untyped:
    """Nodes with the tags that were typed; nothing is resolved, so nothing changes its type."""

    def resolve(self, _kind: type, _value: str, _implicit: tuple[bool, bool]) -> str:
        return ""

    def descend_resolver(self, _node: object, _index: object) -> None:
        """Paths in the document decide nothing here."""

    def ascend_resolver(self) -> None:
        """Paths in the document decide nothing here."""


class _Slow(_Untyped, yaml.BaseLoader):
    """PyYAML's own parser: it reads tabs that libyaml refuses. An anchor may be set again, as YAML allows."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if not isinstance(event, yaml.AliasEvent):
            self.anchors.pop(event.anchor, None)
        return super().compose_node(parent, index)

    def scan_flow_scalar(self, style: str) -> Any:
        """A string in quotes; half of a surrogate pair is not a character in any version of YAML."""
        token = super().scan_flow_scalar(style)
        if SURROGATE.search(token.value):
            raise ScannerError("in a quoted scalar", token.start_mark, NO_CHARACTER, token.start_mark)
        return token


try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML built without libyaml: slower, otherwise the same
    LOADER: Any = _Slow
else:

    class _Fast(_Untyped, CParser):
        """libyaml's parser."""

    LOADER = _Fast

_SLOW_SIZE = 20_000
"""Characters that PyYAML's own parser, which is slow, is given at most."""


def by_either(size: int, read: Callable[[Any], T]) -> T:
    """What libyaml reads, or if it fails and the front matter is not too large, what PyYAML's own parser reads.

    Raises:
        yaml.YAMLError: neither can read it; the error is libyaml's.
    """
    try:
        return read(LOADER)
    except yaml.YAMLError:
        if size <= _SLOW_SIZE:
            with suppress(yaml.YAMLError, Refused):
                return read(_Slow)
        raise
