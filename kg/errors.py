"""Everything `kg` can raise on purpose, the exit status it ends with, and how errors of others become ours.

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

from contextlib import contextmanager

TYPE_CHECKING = False  # `kg.cli` is to be ready for Ctrl-C early, and `typing` takes its time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from typing import Any

    from kg.model import Diagnostic

# Exit statuses: what each means is in the tree above; the last two are 128 and the number of SIGINT and of SIGPIPE.
FINE, FAULTY, WRONG_USE, STORE_FAILED, STOPPED, READER_GONE = 0, 1, 2, 3, 130, 141


class KgError(Exception):
    """A mistake the user can mend; its text is one clear line."""

    exit_status = FAULTY


class ConfigError(KgError):
    """Wrong use: a flag, a path, or an entry of `kg.toml`."""

    exit_status = WRONG_USE


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

    exit_status = STORE_FAILED


class StoreUnavailable(StoreError):
    """The store could not be reached, or stopped answering."""


class StoreRejected(StoreError):
    """The store answered, and said no."""


class QueryError(StoreError):
    """The query itself is wrong."""

    exit_status = WRONG_USE


class OutputError(KgError):
    """Standard output cannot be written to: it is closed, or its disk is full."""


class ReaderGone(OutputError):
    """Whoever read standard output has enough, as `head` has; the status is that of a program that SIGPIPE ended."""

    exit_status = READER_GONE


@contextmanager
def mapped(table: Mapping[type[Exception], Callable[[Any], Exception]]) -> Iterator[None]:
    """Raise an error of ours in the place of another library's.

    Args:
        table: class of error → what makes ours of it. The first row that fits counts; other errors pass.
    """
    try:
        yield
    except tuple(table) as error:
        ours = next(ours for theirs, ours in table.items() if isinstance(error, theirs))
        raise ours(error) from error


def needing(extra: str, what: str) -> AbstractContextManager[None]:
    """Say what to install where a library is missing that only some need.

    Args:
        extra: the extra of our distribution that brings it.
        what: what cannot be done without it.
    """
    command = f"pip install 'markdown-kg[{extra}]'"
    return mapped({ImportError: lambda error: ConfigError(f"{what} needs {error.name}: {command}")})


def os_errors(ours: type[KgError], what: str) -> AbstractContextManager[None]:
    """Say what could not be done, and the system's reason, where the system refuses: `cannot write x: Is a directory`.

    Args:
        ours: the class of error to raise.
        what: what its message begins with.
    """
    return mapped({OSError: lambda error: ours(f"{what}: {error.strerror or error}")})
