"""HTTP requests to a store: authentication, retries, and one clear line for every failure.

httpx (https://www.python-httpx.org) speaks HTTP. This module decides which failures are temporary, how long to wait
for them, and how they are reported.
"""

import os
import re
import ssl
import time
import weakref
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

from kg.errors import ConfigError, StoreError, StoreRejected, StoreUnavailable, mapped
from kg.text.wording import counted

RETRIED = frozenset({429, 500, 502, 503, 504})
"""Statuses that may be temporary (RFC 9110, https://www.rfc-editor.org/rfc/rfc9110#section-15)."""
_MAX_REPLY = 1 << 30
_MAX_ERROR = 1 << 16
"""Bytes that are read of an error response."""
_LONGEST_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """Credentials for a store; their text never shows a secret.

    They come only from the environment, so that they appear neither in the shell's history nor in a process list nor in
    a log: a user and a password (Basic or Digest, whichever the store asks for), or a token (bearer).
    """

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Credentials":
        """Read KG_STORE_USER and KG_STORE_PASSWORD, or KG_STORE_TOKEN.

        Raises:
            ConfigError: a password without a user, or both a user and a token.
        """
        variables = os.environ if environment is None else environment
        found = cls(
            variables.get("KG_STORE_USER", ""),
            variables.get("KG_STORE_PASSWORD", ""),
            variables.get("KG_STORE_TOKEN", ""),
        )
        if found.password and not found.user:
            raise ConfigError("KG_STORE_PASSWORD is set, but KG_STORE_USER is not")
        if found.user and found.token:
            raise ConfigError("KG_STORE_USER and KG_STORE_TOKEN are both set; set only one of them")
        return found

    @property
    def headers(self) -> dict[str, str]:
        """The headers that every request carries: a bearer token (RFC 6750, https://www.rfc-editor.org/rfc/rfc6750)."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def authentication(self) -> httpx.Auth | None:
        """How httpx answers a store that asks for a password."""
        return _Password(self.user, self.password) if self.user else None


class _Password(httpx.Auth):
    """Basic (RFC 7617) or Digest (RFC 7616), whichever the store asks for first; from then on it is sent at once.

    A challenge is answered only once for each request: more attempts with a refused password may lock the user out.
    """

    def __init__(self, user: str, password: str) -> None:
        self._schemes = {"basic": httpx.BasicAuth(user, password), "digest": httpx.DigestAuth(user, password)}
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._chosen:
            yield from self._chosen.auth_flow(request)
            return
        response = yield request
        if response.status_code != 401:
            return
        asked = [header.partition(" ")[0].lower() for header in response.headers.get_list("WWW-Authenticate")]
        self._chosen = next((self._schemes[scheme] for scheme in asked if scheme in self._schemes), None)
        if self._chosen:
            flow = self._chosen.auth_flow(request)
            answered = next(flow)
            yield flow.send(response) if isinstance(self._chosen, httpx.DigestAuth) else answered


class Reply(NamedTuple):
    """A successful answer."""

    status: int
    media_type: str
    body: bytes
    headers: tuple[str, ...] = ()
    """As lines: `Server: Oxigraph/0.5`."""


class StoreClient:
    """Sends requests to one store."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        timeout: float = 120.0,
        retries: int = 5,
        sleep: Callable[[float], None] = time.sleep,
        notify: Callable[[str], None] | None = None,
    ) -> None:
        """Prepare the client; nothing is sent yet.

        Args:
            credentials: from the environment.
            timeout: seconds without an answer before the store counts as silent.
            retries: how often a request is sent again after a temporary failure.
            sleep: waits; replaced in tests.
            notify: called with one line about each wait.
        """
        self._credentials = credentials
        self._timeout = timeout
        self._retries = retries
        self._sleep = sleep
        self._notify = notify
        self._client = httpx.Client(
            auth=credentials.authentication(),
            timeout=timeout,
            headers={"User-Agent": "kg", **credentials.headers},
            verify=ssl.create_default_context(),  # the certificates that the system trusts
            trust_env=False,  # proxies are for the Web, not for a database on this network
            follow_redirects=False,  # they would carry the password, or turn a PUT into a GET
        )
        weakref.finalize(self, self._client.close)

    @property
    def has_password(self) -> bool:
        """Whether the store may ask for a password, and refuse a body that was sent before."""
        return bool(self._credentials.user)

    def send(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        content_type: str = "",
        accept: str = "*/*",
        allowed: frozenset[int] = frozenset(),
    ) -> Reply:
        """Send one request, again after a temporary failure, and return the answer.

        Args:
            method: of HTTP.
            url: absolute, http or https.
            body: the request's body.
            content_type: its media type.
            accept: the media types of the answer.
            allowed: statuses of 400 and above that count as answers, such as 404 for a missing graph.

        Raises:
            StoreUnavailable: no answer, or a temporary failure that lasted.
            StoreRejected: the store refused the request.
        """
        headers = {"Accept": accept, **({"Content-Type": content_type} if content_type else {})}
        attempt = 0
        while True:
            try:
                return self._once(method, url, body, headers, allowed)
            except _Temporary as passing:
                attempt += 1
                if attempt > self._retries:
                    raise StoreUnavailable(f"{passing} (tried {counted(attempt, 'time')})") from passing
                wait = min(passing.wait if passing.wait is not None else 0.5 * 2 ** (attempt - 1), _LONGEST_WAIT)
                if self._notify:
                    self._notify(f"{passing}; trying again in {wait:g} s")
                self._sleep(wait)

    def _once(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str], allowed: frozenset[int]
    ) -> Reply:
        where = shown(url)
        with (
            mapped(dict.fromkeys(_FAILURES, lambda error: _failure(error, where, self._timeout))),
            self._client.stream(method, url, content=body, headers=headers) as answer,
        ):
            if answer.is_success or answer.status_code in allowed:
                data = _read(answer, _MAX_REPLY + 1)
                if len(data) > _MAX_REPLY:
                    raise StoreRejected(f"{where} answered more than {_MAX_REPLY >> 20} MiB")
                lines = tuple(f"{name}: {value}" for name, value in answer.headers.items())
                reply = Reply(answer.status_code, _media_type(answer), data, lines)
                if _is_cut(reply, answer):
                    raise _Temporary(f"{where} cut its answer short")
                return reply
            raise self._refusal(answer, where)

    def _refusal(self, answer: httpx.Response, where: str) -> Exception:
        reason = gist(_read(answer, _MAX_ERROR), _media_type(answer))
        line = f"{where} answered {answer.status_code} {answer.reason_phrase}".rstrip()
        if answer.status_code in (401, 403):
            scheme = answer.headers.get("WWW-Authenticate", "").partition(" ")[0]
            if scheme and scheme.lower() not in ("basic", "digest", "bearer"):
                return StoreRejected(f"{line}: it asks for authentication by {scheme}, which kg does not support")
            known = self._credentials.user or self._credentials.token
            hint = (
                "check KG_STORE_USER and KG_STORE_PASSWORD"
                if known
                else "set KG_STORE_USER and KG_STORE_PASSWORD, or KG_STORE_TOKEN"
            )
            return StoreRejected(f"{line}; {hint}" + (f" ({reason})" if reason else ""))
        if 300 <= answer.status_code < 400:
            target = answer.headers.get("Location", "nowhere")
            return StoreRejected(f"{line} and points to {target!r}; give that address instead")
        if answer.status_code in RETRIED and not _is_final(reason):
            return _Temporary(f"{line}: {reason}" if reason else line, _retry_after(answer.headers.get("Retry-After")))
        return StoreRejected(f"{line}: {reason}" if reason else line)


class _Temporary(StoreUnavailable):
    """A failure that may be temporary."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait
        """Seconds that the store asks us to wait; None if it does not."""


_BROKEN = (_Temporary, "{where} broke off the connection")
_UNKNOWN = (StoreRejected, "{where} asks for an authentication kg does not support: {error}")
_FAILURES: dict[type[Exception], tuple[type[StoreError], str]] = {
    httpx.RemoteProtocolError: _BROKEN,
    httpx.ProtocolError: _UNKNOWN,
    httpx.TimeoutException: (_Temporary, "{where} gave no answer within {timeout:g} s"),
    ssl.SSLCertVerificationError: (
        StoreUnavailable,
        "{where}: its certificate is not trusted ({cause.verify_message})",
    ),
    ConnectionRefusedError: (StoreUnavailable, "{where} refuses connections; is the store running?"),
    httpx.ReadError: _BROKEN,
    httpx.WriteError: _BROKEN,
    httpx.CloseError: _BROKEN,
    httpx.HTTPError: (StoreUnavailable, "{where} cannot be reached: {reason}"),
    KeyError: _UNKNOWN,  # a challenge of Digest lacks what it has to hold
}
"""The type of an error, or of its first cause → our exception and its message; the first row that fits counts."""


def _failure(error: Exception, where: str, timeout: float) -> StoreError:
    """Our exception for a network failure."""
    cause: BaseException = error
    while (earlier := cause.__cause__ or cause.__context__) is not None:
        cause = earlier
    reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else cause
    ours, text = next(row for kind, row in _FAILURES.items() if isinstance(error, kind) or isinstance(cause, kind))
    return ours(text.format(where=where, error=error, cause=cause, reason=reason, timeout=timeout))


def _read(answer: httpx.Response, at_most: int) -> bytes:
    """The body, or approximately as much of it as is wanted."""
    data = bytearray()
    for chunk in answer.iter_bytes():
        data += chunk
        if len(data) >= at_most:
            break
    return bytes(data)


def _media_type(answer: httpx.Response) -> str:
    header = Message()
    header["Content-Type"] = answer.headers.get("Content-Type", "text/plain")
    return header.get_content_type()


def _is_cut(reply: Reply, answer: httpx.Response) -> bool:
    """Whether an answer was truncated: Virtuoso says so in a header, others leave JSON or N-Triples unfinished."""
    if (
        answer.headers.get("X-SQL-State") == "S1TAT"
    ):  # "anytime query": https://docs.openlinksw.com/virtuoso/anytimequeries/
        return True
    last = reply.body.rstrip().rpartition(b"\n")[2]
    return bool(last) and not last.startswith(b"#") and not last.endswith(_ENDS.get(reply.media_type, b""))


_ENDS = {"application/sparql-results+json": b"}", "application/n-triples": b"."}


def _is_final(reason: str) -> bool:
    """Whether a server error is permanent."""
    return bool(re.search(r"no space|disk full|quota|syntax error|parse error|read.?only", reason, re.IGNORECASE))


def _retry_after(header: str | None) -> float | None:
    """Seconds, or a date (RFC 9110, https://www.rfc-editor.org/rfc/rfc9110#field.retry-after)."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return None


def gist(body: bytes, media_type: str) -> str:
    """The first words of an error page, without markup, fit for one line."""
    text = body[:4096].decode("utf-8", "replace")
    if "html" in media_type or text.lstrip().lower().startswith(("<!doctype", "<html")):
        text = re.sub(r"(?is)<(script|style|head)\b.*?</\1>|<[^>]*>", " ", text)
    text = " ".join(text.split())
    return text if len(text) <= 200 else text[:199] + "…"


def shown(url: str) -> str:
    """A URL fit for a log: no user, no password, no query."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"


def checked_endpoint(url: str, name: str = "ENDPOINT") -> str:
    """An endpoint a request may be sent to, without a slash at its end; `name` is what the user calls it.

    Raises:
        ConfigError: not http(s), or it carries a user or password.
    """
    try:
        parts = urlsplit(url)
        _port = parts.port
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL) as error:
        raise ConfigError(f"{name} {url!r} is not a web address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"{name} {url!r} must begin with http:// or https://")
    if parts.username or parts.password:
        raise ConfigError(f"{name} holds a user or password; set KG_STORE_USER and KG_STORE_PASSWORD instead")
    if parts.query or parts.fragment:
        raise ConfigError(f"{name} {shown(url)} must have neither '?' nor '#'")
    return url.rstrip("/")
