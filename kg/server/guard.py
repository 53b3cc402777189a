"""Which requests are let through, and the security headers of every response.

Any page in the user's browser can reach a server on 127.0.0.1. So Host must be ours (against DNS rebinding), Origin
must be ours (against other sites' scripts and forms) or one that may ask the endpoint (CORS,
https://fetch.spec.whatwg.org/#http-cors-protocol), and responses must not be framed or sniffed. Beyond loopback a token
is required as well.
"""

import hmac
import ipaddress
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "kg_token"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Sent with every response."""
POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""The content security policy of every response without one of its own (https://www.w3.org/TR/CSP3/)."""
PAGE_POLICY = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""That of the page, whose main policy is a `<meta>` element, where `frame-ancestors` is not allowed."""

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type",
    "Access-Control-Allow-Private-Network": "true",
    "Access-Control-Max-Age": "600",
}
"""The answer to a browser that asks what another site's script may do."""
_TOKEN_NEEDED = PlainTextResponse(
    "a token is required: open the URL that kg serve printed, or send Authorization: Bearer ...\n",
    401,
    {"WWW-Authenticate": 'Bearer realm="kg"'},
)


def is_loopback(host: str) -> bool:
    """Whether an address is reachable from the local machine only.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """ASGI middleware that refuses requests from other sites and, if set, without the token."""

    def __init__(
        self,
        app: ASGIApp,
        hosts: frozenset[str],
        port: int,
        token: str = "",
        proxies: frozenset[str] = frozenset(),
        origins: frozenset[str] = frozenset(),
    ) -> None:
        """Wrap an application.

        Args:
            app: the application.
            hosts: accepted host names and addresses, in lower case, without port.
            port: the port it listens on.
            token: the token clients must present; "" for none.
            proxies: host names of reverse proxies, accepted with any port, over http and https.
            origins: of other sites whose scripts may read what the server answers; never with the cookie.
        """
        self._app = app
        self._hosts = hosts
        self._port = port
        self._token = token
        self._proxies = proxies
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        allowed = self._allowed_origin(headers)
        app = self._refusal(scope, headers) or self._app

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                response = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    response[name] = value
                if self._origins:
                    response.add_vary_header("Origin")
                if allowed:
                    response["Access-Control-Allow-Origin"] = allowed
                    response["Access-Control-Expose-Headers"] = "Kg-Note"
                    response["Cross-Origin-Resource-Policy"] = "cross-origin"
                response.setdefault("Content-Security-Policy", POLICY)
                response.setdefault("Cache-Control", "no-store")
            await send(message)

        await app(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        if len(headers.getlist("host")) != 1 or not self._is_ours(headers["host"]):
            return PlainTextResponse("this server is not known by that host name\n", 421)
        origin = headers.get("origin")
        if self._allowed_origin(headers):
            if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
                return Response(status_code=204, headers=PREFLIGHT)
            return self._unauthorised(scope, headers, cookies=False) if self._token else None
        if origin is not None and not self._is_our_origin(origin):
            return PlainTextResponse("requests from other sites are refused\n", 403)
        # Sec-Fetch-*: the only thing another site may trigger is a navigation to one of our pages.
        follows_link = headers.get("sec-fetch-mode") == "navigate" and scope["method"] == "GET"
        asks = scope["path"].startswith(("/sparql", "/events", "/api/", "/mcp", "/reconcile", "/review/"))
        if headers.get("sec-fetch-site", "none") in ("cross-site", "same-site") and (asks or not follows_link):
            return PlainTextResponse("requests from other sites are refused\n", 403)
        return self._unauthorised(scope, headers) if self._token else None

    def _allowed_origin(self, headers: Headers) -> str:
        """The origin of a request, if it is one of another site that may ask; "" otherwise."""
        origin = headers.get("origin", "")
        return origin if origin in self._origins else ""

    def _is_ours(self, host: str) -> bool:
        try:
            parts = urlsplit(f"//{host}")
            name, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if parts.netloc != host or "@" in host:
            return False
        return name in self._proxies or (name in self._hosts and (port or 80) == self._port)

    def _is_our_origin(self, origin: str) -> bool:
        scheme, _, host = origin.partition("://")
        secure = scheme == "https" and host.partition(":")[0].lower() in self._proxies
        return (scheme == "http" or secure) and self._is_ours(host)

    def _unauthorised(self, scope: Scope, headers: Headers, *, cookies: bool = True) -> ASGIApp | None:
        """The refusal, or None given the token: as bearer, as cookie, or once in the URL, which sets the cookie."""
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._is_token(bearer.strip()):
            return None
        if not cookies:
            return _TOKEN_NEEDED
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            cookie = None
        if cookie is not None and self._is_token(cookie.value):
            return None
        parameters = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in parameters if name == "token"]
        if given and self._is_token(given[0]) and scope["method"] in ("GET", "HEAD"):
            rest = urlencode([(name, value) for name, value in parameters if name != "token"])
            path = "/" + scope["raw_path"].decode("latin-1").lstrip("/")  # `//host` would redirect to another host
            redirect = RedirectResponse(f"{path}?{rest}" if rest else path, 303)
            redirect.set_cookie(COOKIE, self._token, httponly=True, samesite="strict")
            return redirect
        return _TOKEN_NEEDED

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._token.encode())
