"""One HTTP conversation with a store: authentication, retries, and errors as one clear line."""

from __future__ import annotations

import http.client
import re
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from kg.errors import ConfigError, StoreRejected, StoreUnavailable
from kg.stores.credentials import Basic, Digest
from kg.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.stores.credentials import Credentials

RETRIED = frozenset({429, 500, 502, 503, 504})
"""Statuses that may pass by themselves (RFC 9110, https://www.rfc-editor.org/rfc/rfc9110#section-15)."""
_MAX_REPLY = 1 << 30
_LONGEST_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """A successful answer."""

    status: int
    media_type: str
    body: bytes


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the credentials, or turn a PUT into a GET; it is told to the user instead."""

    def redirect_request(self, *_request: object) -> None:
        return None


class Connection:
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
        """Prepare a conversation; nothing is sent yet.

        Args:
            credentials: from the environment.
            timeout: seconds without an answer before the store counts as silent.
            retries: how often a request is sent again after a passing failure.
            sleep: waits; replaced in tests.
            notify: told, in one line, about each wait.
        """
        self._credentials = credentials
        self._timeout = timeout
        self._retries = retries
        self._sleep = sleep
        self._notify = notify
        # Proxies from the environment are for the Web, not for a database on this network.
        handlers: list[urllib.request.BaseHandler] = [_NoRedirects(), urllib.request.ProxyHandler({})]
        if credentials.user:
            manager = urllib.request.HTTPPasswordMgrWithDefaultRealm()
            self._passwords = manager
            handlers += [Digest(manager), Basic(manager)]
        self._opener = urllib.request.build_opener(*handlers)

    @property
    def has_password(self) -> bool:
        """Whether the store may ask who we are, and refuse a body that came too early."""
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
        """Send one request, again after a passing failure, and return the answer.

        Args:
            method: of HTTP.
            url: absolute, http or https.
            body: the request's body.
            content_type: its media type.
            accept: the media types of the answer.
            allowed: statuses of 400 and above that are answers and not failures, such as 404 for a missing graph.

        Raises:
            StoreUnavailable: no answer, or a passing failure that did not pass.
            StoreRejected: the store said no.
        """
        attempt = 0
        while True:
            try:
                return self._once(method, url, body, content_type, accept, allowed)
            except _Passing as passing:
                attempt += 1
                if attempt > self._retries:
                    raise StoreUnavailable(f"{passing} (tried {counted(attempt, 'time')})") from passing
                wait = min(passing.wait if passing.wait is not None else 0.5 * 2 ** (attempt - 1), _LONGEST_WAIT)
                if self._notify:
                    self._notify(f"{passing}; trying again in {wait:g} s")
                self._sleep(wait)

    def _once(
        self, method: str, url: str, body: bytes | None, content_type: str, accept: str, allowed: frozenset[int]
    ) -> Reply:
        headers = {"Accept": accept, "User-Agent": "kg"}
        request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310  http(s): `checked_endpoint`
        if content_type:
            request.add_header("Content-Type", content_type)
        if self._credentials.token:
            request.add_unredirected_header("Authorization", f"Bearer {self._credentials.token}")
        elif self._credentials.user:
            self._passwords.add_password(None, url, self._credentials.user, self._credentials.password)
        where = shown(url)
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                data = answer.read(_MAX_REPLY + 1)
                if len(data) > _MAX_REPLY:
                    raise StoreRejected(f"{where} answered more than {_MAX_REPLY >> 20} MiB")
                return Reply(answer.status, answer.headers.get_content_type(), data)
        except urllib.error.HTTPError as error:
            with error:
                if error.code in allowed:
                    return Reply(error.code, error.headers.get_content_type(), error.read(1 << 16))
                raise self._failure(error, where) from error
        except urllib.error.URLError as error:
            raise self._no_answer(error.reason, where) from error
        except ValueError as error:
            # urllib raises it for a challenge that it cannot answer.
            raise StoreRejected(f"{where} asks for an authentication kg does not know: {error}") from error
        except (OSError, http.client.HTTPException) as error:
            raise self._no_answer(error, where) from error

    def _failure(self, error: urllib.error.HTTPError, where: str) -> Exception:
        said = gist(error.read(1 << 16), error.headers.get_content_type())
        line = f"{where} answered {error.code} {http.client.responses.get(error.code, '')}".rstrip()
        if error.code in (401, 403):
            scheme = error.headers.get("WWW-Authenticate", "").partition(" ")[0]
            if scheme and scheme.lower() not in ("basic", "digest", "bearer"):
                return StoreRejected(f"{line}: it asks for authentication by {scheme}, which kg does not know")
            known = self._credentials.user or self._credentials.token
            hint = (
                "check KG_STORE_USER and KG_STORE_PASSWORD"
                if known
                else "set KG_STORE_USER and KG_STORE_PASSWORD, or KG_STORE_TOKEN"
            )
            return StoreRejected(f"{line}; {hint}" + (f" ({said})" if said else ""))
        if 300 <= error.code < 400:
            return StoreRejected(
                f"{line} and points to {error.headers.get('Location', 'nowhere')!r}; give that address instead"
            )
        if error.code in RETRIED and not _is_final(said):
            return _Passing(f"{line}: {said}" if said else line, _retry_after(error.headers.get("Retry-After")))
        return StoreRejected(f"{line}: {said}" if said else line)

    def _no_answer(self, reason: object, where: str) -> Exception:
        if isinstance(reason, ssl.SSLCertVerificationError):
            return StoreUnavailable(f"{where}: its certificate is not trusted ({reason.verify_message})")
        if isinstance(reason, ConnectionRefusedError):
            return StoreUnavailable(f"{where} refuses connections; is the store running?")
        if isinstance(reason, TimeoutError):
            return _Passing(f"{where} gave no answer within {self._timeout:g} s", None)
        if isinstance(reason, ConnectionError | http.client.HTTPException):
            return _Passing(f"{where} broke off the connection", None)
        text = reason.strerror if isinstance(reason, OSError) and reason.strerror else str(reason)
        return StoreUnavailable(f"{where} cannot be reached: {text}")


class _Passing(StoreUnavailable):
    """A failure that may pass by itself."""

    def __init__(self, message: str, wait: float | None) -> None:
        super().__init__(message)
        self.wait = wait


def _is_final(said: str) -> bool:
    """Whether a 5xx tells of something that waiting will not mend."""
    return bool(re.search(r"no space|disk full|quota|syntax error|parse error|read.?only", said, re.IGNORECASE))


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
    parts = urllib.parse.urlsplit(url)
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
        parts = urllib.parse.urlsplit(url)
        _port = parts.port
    except ValueError as error:
        raise ConfigError(f"{name} {url!r} is no web address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"{name} {url!r} must begin with http:// or https://")
    if parts.username or parts.password:
        raise ConfigError(f"{name} holds a user or password; set KG_STORE_USER and KG_STORE_PASSWORD instead")
    if parts.query or parts.fragment:
        raise ConfigError(f"{name} {shown(url)} must have neither '?' nor '#'")
    return url.rstrip("/")
