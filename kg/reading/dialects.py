"""The ways of writing front matter that `kg` knows, in the order in which they are tried."""

from __future__ import annotations

from kg.reading.dialect import Dialect
from kg.reading.yaml import Yaml

DIALECTS: tuple[Dialect, ...] = (Yaml(),)
