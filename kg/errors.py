"""Everything `kg` can raise on purpose.

    KgError
    ├─ ConfigError      kg.toml, a flag or a path is wrong             exit 2
    ├─ ContentError     a post is faulty and --strict was asked for    exit 1
    ├─ LedgerError      a line of the identity ledger is wrong         exit 2
    ├─ ExportError      a format could not be written                  exit 1
    ├─ StoreError       a SPARQL store                                 exit 3
    │  ├─ StoreUnavailable   could not be reached, or stopped answering
    │  ├─ StoreRejected      answered, and said no
    │  └─ QueryError         the query itself is wrong                 exit 2
    └─ OutputError      standard output cannot be written to         exit 1
       └─ ReaderGone         nobody reads it any more (`| head`)       exit 141

Faults *inside* posts are not exceptions: they are `kg.diagnostics.Diagnostic` records, so that one bad post never
stops the others. Only `kg.cli` and `kg.commands` turn either of them into printed text and an exit status.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.model import Diagnostic


class KgError(Exception):
    """A mistake the user can mend; its text is one clear line."""

    exit_status = 1


class ConfigError(KgError):
    """Wrong use: a flag, a path, or an entry of `kg.toml`."""

    exit_status = 2


class ContentError(KgError):
    """Posts are faulty and the caller asked for all or nothing; `diagnostics` says what is wrong with them."""

    def __init__(self, message: str, diagnostics: Sequence[Diagnostic] = ()) -> None:
        super().__init__(message)
        self.diagnostics = tuple(diagnostics)


class LedgerError(ConfigError):
    """A line of the identity ledger cannot be read or contradicts another."""


class ExportError(KgError):
    """A format could not be written; the old output is left untouched."""


class StoreError(KgError):
    """Something between us and a SPARQL store went wrong."""

    exit_status = 3


class StoreUnavailable(StoreError):
    """The store could not be reached, or stopped answering."""


class StoreRejected(StoreError):
    """The store answered, and said no."""


class QueryError(StoreError):
    """The query itself is wrong."""

    exit_status = 2


class OutputError(KgError):
    """Standard output cannot be written to: it is closed, or its disk is full."""


class ReaderGone(OutputError):
    """Whoever read standard output has enough, as `head` has; the status is that of a program that SIGPIPE ended."""

    exit_status = 141
