"""The page on which people decide about names, and the only requests that write: `kg serve --review`.

Whoever asks must be on this machine and hold the token of this start; what is written are lines of the ledger, and
nothing else. Requests of other sites never get here: see `kg.server.guard`.
"""

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kg.errors import LedgerError
from kg.model import Record
from kg.reading.bodies import passage
from kg.resolution.decisions import decide, lines_of, undo
from kg.resolution.ledger import text_of
from kg.resolution.ledger_lines import Decision
from kg.resolution.proposals import RULES, Proposal, Spelling, decisions_of
from kg.resolution.ranking import SIGNALS
from kg.resolution.review import Review
from kg.server.guard import is_loopback
from kg.server.protocol import BadRequest
from kg.state import REVIEW, STATE, Miss, State
from kg.views.review import document

PAGE = "/review"
TOKEN = "x-kg-token"  # noqa: S105 - the name of a header
MAX_BODY = 1 << 20
MAX_PASSAGES = 3
"""Posts shown for one name."""
WIDTH = 180
"""Characters of a passage."""
_MARKS = re.compile(r"\*\*|__|`|^#+ |^[-*] ")


class Answer(msgspec.Struct, frozen=True):
    """What was decided about one proposal: see `kg.resolution.proposals.decisions_of`."""

    id: str
    answer: str
    chosen: tuple[str, ...]
    """Ids of rows."""


class _Answers(msgspec.Struct, frozen=True):
    answers: tuple[Answer, ...]


class _Questions(Record, frozen=True):
    """What a build found for people to decide."""

    proposals: tuple[Proposal, ...]
    titles: dict[str, str]
    """Post path → its title, for the posts shown."""


def keep(review: Review, titles: dict[str, str], output: Path) -> None:
    """Keep what is to be decided in OUTPUT/.kg for the server."""
    found = tuple(review.proposals())
    shown = {path for one in found for row in one.spellings for path in _posts_of(row)}
    State.of(output).save(REVIEW, _Questions(found, {path: titles[path] for path in sorted(shown)}))


class Reviewing:
    """The requests of the review page."""

    def __init__(self, content: Path, ledger: Path, output: Path, token: str) -> None:
        """Prepare to answer.

        Args:
            content: the folder of posts, for the passages that are shown.
            ledger: the file to write to.
            output: the folder with what the last build found.
            token: what every request but that for the page must carry.
        """
        self._content, self._ledger, self._output, self._token = content, ledger, output, token
        self._lock = asyncio.Lock()
        self._found = _Questions((), {})
        self._stamp = -1
        self._done: list[tuple[list[str], int]] = []
        """Answers of this start: ids, and how many decisions these took."""
        self._after = ""
        """The ledger after the last of them."""

    def routes(self) -> list[Route]:
        """The routes below `PAGE`."""
        asked = {"proposals": self._proposals, "passages": self._passages}
        handlers = {"preview": self._preview, "decide": self._decide, "undo": self._undo}
        return [
            Route(PAGE, self._page, methods=["GET"]),
            *(Route(f"{PAGE}/{name}", self._checked(handler), methods=["GET"]) for name, handler in asked.items()),
            *(Route(f"{PAGE}/{name}", self._checked(handler), methods=["POST"]) for name, handler in handlers.items()),
        ]

    def _checked(self, handler: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            if request.client is None or not is_loopback(request.client.host):
                raise BadRequest(403, "names are decided on this machine only")
            if not hmac.compare_digest(request.headers.get(TOKEN, "").encode(), self._token.encode()):
                raise BadRequest(403, "open the address that kg serve printed: this page needs the token of this start")
            async with self._lock:
                await run_in_threadpool(self._refresh)
                try:
                    return JSONResponse(await handler(request))
                except LedgerError as error:
                    raise BadRequest(409, str(error)) from None

        return answer

    def _refresh(self) -> None:
        """Take what a newer build has found."""
        try:
            stamp = (self._output / STATE / REVIEW).lstat().st_mtime_ns
        except OSError:
            stamp = 0
        if stamp != self._stamp:
            saved = State.of(self._output).load(REVIEW, _Questions)
            self._found = _Questions((), {}) if isinstance(saved, Miss) else saved
            self._stamp = stamp

    # --- route handlers

    async def _page(self, _request: Request) -> Response:
        page, policy = document()
        return Response(page, media_type="text/html", headers={"Content-Security-Policy": policy})

    async def _proposals(self, _request: Request) -> dict[str, Any]:
        done = {one for ids, _times in self._done for one in ids}
        found = [_shown(one) for one in self._found.proposals if one.id not in done]
        return {"ledger": self._ledger.name, "proposals": found, "answered": len(done)}

    async def _passages(self, request: Request) -> dict[str, Any]:
        proposal = self._known(request.query_params.get("id", ""))
        return await run_in_threadpool(self._looked_up, proposal)

    async def _preview(self, request: Request) -> dict[str, Any]:
        """What some answers would write, what they contradict, and which further names they are about."""
        lines: list[str] = []
        conflicts: list[str] = []
        also: list[str] = []
        for proposal, answer, wanted in await self._answers(request):
            try:
                lines += lines_of(self._ledger, wanted, proposal.evidence)
            except LedgerError as error:
                conflicts.append(f"{' · '.join(answer.chosen)}: {error}")
            also += (name for row in proposal.spellings if row.id in answer.chosen for name in row.others)
        return {"lines": lines, "conflicts": conflicts, "also": also}

    async def _decide(self, request: Request) -> dict[str, Any]:
        """Write answers, but for those that contradict the ledger; says which were written."""
        done: list[str] = []
        lines: list[str] = []
        conflicts: list[str] = []
        for proposal, answer, wanted in await self._answers(request):
            try:
                if not wanted:
                    raise LedgerError("check at least two names")
                lines += decide(self._ledger, wanted, proposal.evidence)
                done.append(proposal.id)
            except LedgerError as error:
                conflicts.append(f"{' · '.join(answer.chosen)}: {error}")
        if done:
            self._done.append((done, sum(not line.startswith("forget ") for line in lines)))
            self._after = text_of(self._ledger)
        return {"done": done, "lines": lines, "conflicts": conflicts}

    async def _undo(self, _request: Request) -> dict[str, Any]:
        if not self._done:
            raise BadRequest(409, "nothing was decided since kg serve was started")
        if text_of(self._ledger) != self._after:
            raise BadRequest(409, f"{self._ledger.name} has other lines since: take yours out there")
        ids, times = self._done.pop()
        lines = [line for _time in range(times) for line in undo(self._ledger)]
        self._after = text_of(self._ledger)
        return {"undone": ids, "lines": lines}

    # --- helpers

    async def _answers(self, request: Request) -> list[tuple[Proposal, Answer, Sequence[Decision]]]:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise BadRequest(413, f"the answers are longer than {MAX_BODY:,} bytes")
        try:
            given = msgspec.json.decode(bytes(body), type=_Answers)
        except msgspec.DecodeError as error:
            raise BadRequest(400, f"not the answers of the page: {error}") from None
        found = [(self._known(one.id), one) for one in given.answers]
        return [(proposal, one, decisions_of(proposal, one.answer, one.chosen)) for proposal, one in found]

    def _known(self, wanted: str) -> Proposal:
        proposal = next((one for one in self._found.proposals if one.id == wanted), None)
        if proposal is None:
            raise BadRequest(404, "there is no such question any more; load the page again")
        return proposal

    def _looked_up(self, proposal: Proposal) -> dict[str, list[dict[str, str]]]:
        found: dict[str, list[dict[str, str]]] = {}
        for row in proposal.spellings:
            names = (proposal.name,) if proposal.name else (row.name, *(other.name for other in proposal.spellings))
            first = dict(reversed(row.places))
            found[row.id] = [
                {
                    "post": path,
                    "title": self._found.titles.get(path, ""),
                    "text": _MARKS.sub("", passage(self._content, path, first[path], *names, width=WIDTH)),
                }
                for path in _posts_of(row)
            ]
        return found


def _posts_of(row: Spelling) -> list[str]:
    """The posts shown beside a name."""
    return list(dict.fromkeys(path for path, _line in row.places))[:MAX_PASSAGES]


def _shown(one: Proposal) -> dict[str, Any]:
    """A proposal as the page takes it."""
    rows = [
        {"id": row.id, "kind": row.kind, "name": row.name, "posts": row.posts, "others": row.others}
        for row in one.spellings
    ]
    reasons = [(name, SIGNALS[name].meaning, part) for name, part in one.reasons if name != "always"]
    return {
        "id": one.id, "verb": one.verb, "kind": one.kind, "rule": one.rule, "sort": RULES[one.rule],
        "likely": one.likely, "name": one.name, "evidence": one.evidence, "reasons": reasons, "doubt": one.doubt,
        "rows": rows,
    }  # fmt: skip
