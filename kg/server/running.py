"""Starting, watching and stopping the server (uvicorn, https://www.uvicorn.org)."""

import asyncio
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from kg.errors import ConfigError
from kg.server.app import App
from kg.server.connections import BACKLOG, DeadlineConnection, allow_many
from kg.server.guard import Guard, is_loopback
from kg.server.reviewing import PAGE as PAGE_OF_REVIEW
from kg.server.reviewing import Reviewing
from kg.server.site import PAGE, Source, start
from kg.server.workers import QueryFailed, QueryLimits
from kg.stores.loaded import BUILT


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Where to listen, and for whom."""

    host: str = "127.0.0.1"
    port: int = 8765
    """0 picks a free port."""
    names: tuple[str, ...] = ()
    """Host names of reverse proxies in front of this server."""
    origins: tuple[str, ...] = ()
    """Origins of other sites whose scripts may ask."""
    token: str = ""
    """The token clients must present; "" for none."""
    watch: bool = False
    """Whether to rebuild when a post changes."""
    review: str = ""
    """The token that clients of the review page must present; "" if there is no such page."""


class Server(uvicorn.Server):
    """A uvicorn server that ends its event streams when told to stop; they would never finish."""

    def __init__(self, config: uvicorn.Config, app: App) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End the event streams, then stop listening."""
        self._app.events.close()
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Give open responses a second, then abort them; uvicorn would report each as an error."""
        asyncio.get_running_loop().call_later(1, self._hang_up)
        await super().shutdown(sockets)

    def _hang_up(self) -> None:
        for connection in list(self.server_state.connections):
            if isinstance(connection, DeadlineConnection):
                connection.transport.abort()


def configured(guard: Guard) -> uvicorn.Config:
    """How every server of ours listens: deadlines for half requests, and a bound on the connections of an address."""
    allow_many()
    return uvicorn.Config(
        guard,
        http=DeadlineConnection,
        log_level="error",
        access_log=False,  # a URL may contain the token
        server_header=False,
        date_header=True,
        lifespan="on",
        ws="none",
        backlog=BACKLOG,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=64 << 10,
    )


def run(
    source: Source, settings: ServerSettings, limits: QueryLimits, report: Callable[..., None] | None = None
) -> None:
    """Serve until Ctrl-C.

    Raises:
        ConfigError: the address cannot be listened on.
    """
    listener = listen(settings.host, settings.port)
    port = listener.getsockname()[1]
    app = App(source.output, limits, ours_first=source.content is not None, reviewing=_reviewing(source, settings))

    async def background() -> None:
        builder = Builder(source, report)
        await asyncio.gather(_warm(app), _watch_output(app, source, builder), _watch_content(source, settings, builder))

    proxies = frozenset(name.lower() for name in settings.names)
    guard = Guard(
        app.asgi(background), host_names(settings), port, settings.token, proxies, frozenset(settings.origins)
    )
    config = configured(guard)
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    query = f"?token={settings.token}" if settings.token else ""
    sys.stderr.write(f"kg: http://{name}:{port}/{query}  (SPARQL at /sparql; Ctrl-C ends)\n")
    if settings.review:
        sys.stderr.write(f"kg: http://{name}:{port}{PAGE_OF_REVIEW}#token={settings.review}  (review of names)\n")
    sys.stderr.flush()
    with suppress(KeyboardInterrupt):
        Server(config, app).run([listener])


def _reviewing(source: Source, settings: ServerSettings) -> Reviewing | None:
    if not settings.review:
        return None
    from kg.pipeline.run import ledger_path

    assert source.content is not None
    ledger = ledger_path(source.content, source.config)
    return Reviewing(source.content, ledger, source.output, settings.review)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        ConfigError: the address is not one of this machine, or the port is taken.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)  # from here on clients queue instead of being refused
    except UnicodeError as error:
        raise ConfigError(f"{host}: not a host name; try 127.0.0.1") from error
    except OSError as error:
        raise ConfigError(f"{host}:{port}: {error.strerror}; try another --port") from error
    return listener


def host_names(settings: ServerSettings) -> frozenset[str]:
    """The host names and addresses accepted in requests sent to this server directly."""
    names = {settings.host.strip("[]").lower()}
    if is_loopback(settings.host) or settings.host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not bound
        names |= {"127.0.0.1", "localhost", "::1"}
    if settings.host in ("0.0.0.0", "::", ""):  # noqa: S104
        with suppress(OSError):
            names |= {str(item[4][0]) for item in socket.getaddrinfo(socket.gethostname(), None)}
            names.add(socket.gethostname().lower())
    return frozenset(names)


async def _warm(app: App) -> None:
    """Start the first worker before the first query needs it."""
    with suppress(QueryFailed):
        await app.iri_base()


class Builder:
    """Runs builds in the background, one at a time."""

    def __init__(self, source: Source, report: Callable[..., None] | None) -> None:
        self._source = source
        self._report = report
        self._lock = asyncio.Lock()

    @property
    def busy(self) -> bool:
        """Whether a build is running."""
        return self._lock.locked()

    async def refresh(self) -> None:
        """Build; if the server stops, so does the build."""
        async with self._lock:
            process = await asyncio.to_thread(start, self._source, self._report)
            try:
                await asyncio.to_thread(process.join)
            except asyncio.CancelledError:
                process.terminate()
                raise


async def _watch_output(app: App, source: Source, builder: Builder) -> None:
    """Reload open pages when a build, here or in another terminal, has changed the graph."""
    from watchfiles import awatch

    graphs = {*BUILT, "graph.html"}

    def is_graph(_change: object, path: str) -> bool:
        return Path(path).name in graphs or Path(path).name == PAGE

    async for changes in awatch(source.output, watch_filter=is_graph, debounce=400, rust_timeout=1000):
        if source.content is None or any(Path(path).name == PAGE for _change, path in changes):
            await app.changed()
        elif not builder.busy:
            await (
                builder.refresh()
            )  # a build in another terminal: rebuild our page, whose change then reloads open pages


async def _watch_content(source: Source, settings: ServerSettings, builder: Builder) -> None:
    """Rebuild when a post changes; `_watch_output` sees the result."""
    if not settings.watch or source.content is None:
        return
    from kg.pipeline.watching import changes

    stop = threading.Event()
    pending = changes(source.content, source.output, source.config, stop=stop)
    try:
        while await asyncio.to_thread(next, pending, stop) is not stop:
            await builder.refresh()
    finally:
        stop.set()
