"""The identity ledger: decisions of people about names, one a line, in a text file that is reviewed in Git."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ledger:
    """All decisions."""
