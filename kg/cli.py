"""The entry point of the command line: prints errors, sets the exit status (see `kg.errors`), ends the process.

Little is imported before `main` runs, so that Ctrl-C is handled from the start.
"""

from __future__ import annotations

import os
import signal
import sys

from kg.errors import FAULTY, FINE, STOPPED, KgError, ReaderGone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, NoReturn


def __getattr__(name: str) -> Any:
    """`app`, the click group of all commands, is imported when it is first asked for (PEP 562)."""
    if name != "app":
        raise AttributeError(f"module 'kg.cli' has no attribute {name!r}")
    from kg.commands._app import app

    return app


def main() -> NoReturn:
    """Run `kg` and end the process; no user error ends in a traceback."""
    try:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # otherwise a shell ignores it for us
            signal.signal(signal.SIGINT, _interrupt)
        signal.signal(signal.SIGTERM, _stop)
        sys.unraisablehook = _unraisable
        status = _status()
    except KeyboardInterrupt:
        _say("kg: stopped")
        status = STOPPED
    _leave(status)


def _status() -> int:
    """The exit status of `_run`, or of the error it raised, which is printed."""
    try:
        return _run()
    except ReaderGone as error:
        return error.exit_status
    except KgError as error:
        _tell(error)
        return error.exit_status
    except OSError as error:
        _say(f"kg: {error.filename or 'input or output'}: {error.strerror or error}")
        return FAULTY
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else FAULTY
    except MemoryError:
        _say("kg: not enough memory; `--jobs 1` takes the least")
        return FAULTY


def _run() -> int:
    from kg.machine import terminal

    terminal.settle()
    from difflib import get_close_matches

    import click

    from kg.commands._app import app

    try:
        status = app.main(standalone_mode=False)
    except click.ClickException as error:
        if isinstance(error, click.NoSuchOption) and error.possibilities:
            nearest = get_close_matches(error.option_name, error.possibilities, 1)
            error = click.NoSuchOption(error.option_name, possibilities=nearest, ctx=error.ctx)
        error.show()
        return error.exit_code
    except click.Abort as error:
        raise KeyboardInterrupt from error
    sys.stdout.flush()
    return status if isinstance(status, int) else FINE


def _tell(error: KgError) -> None:
    from kg.diagnostics import render
    from kg.machine.terminal import printable

    for diagnostic in getattr(error, "diagnostics", ()):
        _say(render(diagnostic))
    _say(f"kg: {printable(str(error))}")


def _say(line: str) -> None:
    if sys.stderr is not None:
        print(line, file=sys.stderr)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    """Unwind the stack, as Ctrl-C does, so that temporary files are removed."""
    raise SystemExit(128 + number)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """Ctrl-C: clean up and end; a second one ends at once."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    raise KeyboardInterrupt


def _unraisable(what: Any) -> None:
    """End even if Ctrl-C came where Python can only print an exception, such as in a destructor."""
    if isinstance(what.exc_value, KeyboardInterrupt):
        _say("kg: stopped")
        _leave(STOPPED)
    sys.__unraisablehook__(what)


def _leave(status: int) -> NoReturn:
    """End the process at once: freeing a million records one by one takes longer than starting Python."""
    from contextlib import suppress

    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # it has been reported already
            stream.flush()
    os._exit(status)
