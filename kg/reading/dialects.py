"""The ways of writing front matter that `kg` knows, in the order in which they are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.reading.json import Json
from kg.reading.plain import MultiMarkdown, Org, Pandoc
from kg.reading.tagged import Program, Tagged, Unopened
from kg.reading.toml import Toml
from kg.reading.yaml import Yaml

if TYPE_CHECKING:
    from kg.reading.dialect import Dialect

DIALECTS: tuple[Dialect, ...] = (
    Yaml(),
    Toml(),
    Json(),
    Tagged("ya?ml", Yaml()),
    Tagged("toml", Toml()),
    Tagged("json", Json()),
    Program(),
    Org(),
    Pandoc(),
    Unopened(),
    MultiMarkdown(),
)
