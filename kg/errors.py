"""The exceptions that `kg` raises on purpose, their exit statuses, and how other libraries' exceptions become ours.

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

Faults *inside* posts are not exceptions but `kg.model.Diagnostic` records, so that one bad post never stops the
others. Only `kg.cli` and `kg.commands` turn either into text and an exit status.
"""

from __future__ import annotations

from contextlib import contextmanager

TYPE_CHECKING = False  # `typing` takes long to import, and `kg.cli` must be ready for Ctrl-C early
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from typing import Any

    from kg.model import Diagnostic

# Exit statuses, as in the tree above; the last two are 128 plus the number of the signal, SIGINT or SIGPIPE.
FINE, FAULTY, WRONG_USE, STORE_FAILED, STOPPED, READER_GONE = 0, 1, 2, 3, 130, 141


class KgError(Exception):
    """A mistake the user can mend; its text is one clear line."""

    exit_status = FAULTY


class ConfigError(KgError):
    """Wrong use: a flag, a path, or an entry of `kg.toml`."""

    exit_status = WRONG_USE


class ContentError(KgError):
    """Posts are faulty and the caller wanted all or nothing; `diagnostics` lists the faults."""

    def __init__(self, message: str, diagnostics: Sequence[Diagnostic] = ()) -> None:
        super().__init__(message)
        self.diagnostics = tuple(diagnostics)


class LedgerError(ConfigError):
    """A line of the identity ledger cannot be read or contradicts another."""


class ExportError(KgError):
    """A format could not be written; the old output is left untouched."""


class StoreError(KgError):
    """A SPARQL store could not be used."""

    exit_status = STORE_FAILED


class StoreUnavailable(StoreError):
    """The store could not be reached, or stopped answering."""


class StoreRejected(StoreError):
    """The store refused the request."""


class QueryError(StoreError):
    """The query itself is wrong."""

    exit_status = WRONG_USE


class OutputError(KgError):
    """Standard output cannot be written to: it is closed, or its disk is full."""


class ReaderGone(OutputError):
    """Nobody reads standard output any more, as after `| head`; the status is that of a program killed by SIGPIPE."""

    exit_status = READER_GONE


@contextmanager
def mapped(table: Mapping[type[Exception], Callable[[Any], Exception]]) -> Iterator[None]:
    """Replace another library's exceptions with ours.

    Args:
        table: exception class → a function that turns it into ours. The first match wins; others pass through.
    """
    try:
        yield
    except tuple(table) as error:
        ours = next(ours for theirs, ours in table.items() if isinstance(error, theirs))
        raise ours(error) from error


def needing(extra: str, what: str) -> AbstractContextManager[None]:
    """Replace the ImportError of an optional library with a message that says what to install.

    Args:
        extra: the extra of our distribution that installs it.
        what: what needs it.
    """
    command = f"pip install 'markdown-kg[{extra}]'"
    return mapped({ImportError: lambda error: ConfigError(f"{what} needs {error.name}: {command}")})


def os_errors(ours: type[KgError], what: str) -> AbstractContextManager[None]:
    """Replace an OSError with one of our exceptions that gives the system's reason: `cannot write x: Is a directory`.

    Args:
        ours: the exception class to raise.
        what: the beginning of its message.
    """
    return mapped({OSError: lambda error: ours(f"{what}: {error.strerror or error}")})
