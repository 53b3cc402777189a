"""How a store is told who we are: Basic (RFC 7617), Digest (RFC 7616), bearer (RFC 6750).

Credentials come from the environment only, so that they stand neither in the shell's history nor in a process list
nor in a log: KG_STORE_USER and KG_STORE_PASSWORD (Basic or Digest, whichever the store asks for), or KG_STORE_TOKEN
(bearer).
"""

from __future__ import annotations

import base64
import hashlib
import os
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg.errors import ConfigError

if TYPE_CHECKING:
    import http.client
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Credentials:
    """How we say who we are; its text never shows a secret."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Credentials:
        """Read KG_STORE_USER, KG_STORE_PASSWORD and KG_STORE_TOKEN.

        Raises:
            ConfigError: a password without a user, or both a user and a token.
        """
        held = os.environ if environment is None else environment
        found = cls(held.get("KG_STORE_USER", ""), held.get("KG_STORE_PASSWORD", ""), held.get("KG_STORE_TOKEN", ""))
        if found.password and not found.user:
            raise ConfigError("KG_STORE_PASSWORD is set, but KG_STORE_USER is not")
        if found.user and found.token:
            raise ConfigError("KG_STORE_USER and KG_STORE_TOKEN are both set; a store is told one of them")
        return found


class _OnceOnly:
    """Answers one challenge for each request: a password that was refused once is wrong, and more tries lock out."""

    scheme = ""

    def http_error_401(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: http.client.HTTPMessage
    ) -> Any:
        """Send the request again, with the password."""
        asked = [challenge.partition(" ")[0].lower() for challenge in headers.get_all("WWW-Authenticate", [])]
        if self.scheme not in asked or getattr(req, "answered", False):
            return None
        req.answered = True  # type: ignore[attr-defined]
        try:
            answer = super().http_error_401(req, fp, code, msg, headers)  # type: ignore[misc]
        except BaseException:
            fp.close()
            raise
        if answer is not None:
            fp.close()
        return answer


class Basic(_OnceOnly, urllib.request.HTTPBasicAuthHandler):
    """Once a host has asked for Basic (RFC 7617), it is sent at once, so that no body travels twice."""

    scheme = "basic"
    _asked = ""

    def retry_http_basic_auth(self, host: str, req: urllib.request.Request, realm: str | None) -> object:
        """Answer the challenge, and remember who made it."""
        self._asked = req.host
        return super().retry_http_basic_auth(host, req, realm)  # type: ignore[arg-type]

    def http_request(self, req: urllib.request.Request) -> urllib.request.Request:
        """Show the password to whoever has asked for it before."""
        if req.host == self._asked and not req.has_header("Authorization"):
            user, password = self.passwd.find_user_password("", req.full_url)
            token = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
            req.add_unredirected_header("Authorization", f"Basic {token}")
        return req

    https_request = http_request


_HASHES = {"MD5": "md5", "SHA-256": "sha256"}


class Digest(_OnceOnly, urllib.request.HTTPDigestAuthHandler):
    """Once a host has made a challenge (RFC 7616), it is answered in advance until another one comes."""

    scheme = "digest"
    _asked = ""
    _challenge: dict[str, str] | None = None

    def retry_http_digest_auth(self, req: urllib.request.Request, auth: str) -> object:
        """Answer the challenge, and remember it."""
        challenge = auth.partition(" ")[2]
        self._challenge = urllib.request.parse_keqv_list(list(filter(None, urllib.request.parse_http_list(challenge))))
        self._asked = req.host
        return super().retry_http_digest_auth(req, auth)

    def get_algorithm_impls(self, algorithm: str) -> tuple[Callable[[str], str], Callable[[str, str], str]]:
        """The two functions of RFC 7616, for text in UTF-8.

        Raises:
            ValueError: an algorithm that nobody here knows.
        """
        if algorithm not in _HASHES:
            raise ValueError(f"Digest with {algorithm}")

        def hashed(text: str) -> str:
            return hashlib.new(_HASHES[algorithm], text.encode(), usedforsecurity=False).hexdigest()

        return hashed, lambda secret, data: hashed(f"{secret}:{data}")

    def http_request(self, req: urllib.request.Request) -> urllib.request.Request:
        """Answer the last challenge once more."""
        if self._challenge and req.host == self._asked and not req.has_header("Authorization"):
            answer = self.get_authorization(req, self._challenge)
            if answer:
                req.add_unredirected_header("Authorization", f"Digest {answer}")
        return req

    https_request = http_request
