"""A real `kg serve` for tests: started as a user starts it, spoken to over real sockets."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass
class Reply:
    """An HTTP response, read whole."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def type(self) -> str:
        return self.headers.get_content_type()

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass
class Served:
    """A running server."""

    process: subprocess.Popen[str]
    port: int
    address: str
    lines: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        """What it has printed so far."""
        return "".join(self.lines)

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | str | None = None,
        timeout: float = 30,
    ) -> Reply:  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body, dict(headers or {}))
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path: str, accept: str = "", **headers: str) -> Reply:
        return self.ask("GET", path, {**({"Accept": accept} if accept else {}), **headers})

    def query(self, query: str, accept: str = "application/sparql-results+json", **more: str) -> Reply:
        return self.get("/sparql?" + urlencode({"query": query, **more}), accept)

    def workers(self) -> list[int]:
        """Process ids of the processes that answer queries."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdecimal():
                continue
            try:
                fields = (entry / "stat").read_text("utf-8").rpartition(")")[2].split()
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if int(fields[1]) == self.process.pid and fields[0] != "Z" and b"kg.server.worker" in line:
                found.append(int(entry.name))
        return found


@contextmanager
def serve(*arguments: str | Path, environment: Mapping[str, str] | None = None, wait: float = 120) -> Iterator[Served]:
    """Start `kg serve` on a free port and stop it with Ctrl-C."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", "--port", "0", *map(str, arguments)],
        stderr=subprocess.PIPE, text=True, encoding="utf-8", env={**os.environ, **(environment or {})},
    )  # fmt: skip
    said: list[str] = []
    ready = threading.Event()
    reader = threading.Thread(target=_read, args=(process.stderr, said, ready), daemon=True)
    reader.start()
    try:
        ready.wait(wait)
        match = re.search(r"http://127\.0\.0\.1:(\d+)/\S*", "".join(said))
        assert match, "".join(said)
        yield Served(process, int(match[1]), match[0], said)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
    reader.join(10)
    assert "Traceback" not in "".join(said), "".join(said)


def _read(stream: IO[str], said: list[str], ready: threading.Event) -> None:
    with stream:
        for line in stream:
            said.append(line)
            if "http://" in line:
                ready.set()
    ready.set()
