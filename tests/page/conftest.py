"""A real browser, and pages opened in it from disk; a page that logs an error fails the test that opened it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import kg
from kg.views.page import assemble
from tests.conftest import made_once, program
from tests.page import graphs

if TYPE_CHECKING:
    from kg.graph.model import KnowledgeGraph

playwright = pytest.importorskip("playwright.sync_api")

ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """For one module: Playwright cannot be started where it is running, and other modules start it themselves."""
    with playwright.sync_playwright() as driver:
        instance = driver.chromium.launch(executable_path=program("chromium"), args=ARGUMENTS)
        yield instance
        instance.close()


_AGAIN = """(() => {
  const { view, search, paths, facets } = kg;
  for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
  document.activeElement.blur();
  search.input.value = '';
  search.refresh();
  search.close();
  paths.close(false);
  facets.toggle(false);
  view.filters.clear();
  view.applyFilters();
  view.mark(null);
  view.select(-1);
  view.point(null);
  view.camera.jump(view.home);
  view.moved();
})()"""


class Opened:
    """A page of ours, with what a test often asks of it."""

    def __init__(self, page: Any, errors: list[str], requests: list[str]) -> None:
        self.page, self.errors, self.requests = page, errors, requests

    def ask(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def until(self, condition: str, seconds: float = 60) -> None:
        """Wait until the page says so, however slow the machine is."""
        deadline = time.monotonic() + seconds
        while not self.ask(condition):
            assert time.monotonic() < deadline, f"not within {seconds} s: {condition}"
            self.page.wait_for_timeout(20)

    def settle(self) -> None:
        """Wait until the camera rests, everything is drawn and the address says where we are."""
        self.until("kg.view.settled && !kg.view.frame && !kg.view.camera.flight && !kg.address.pending")

    def again(self) -> Opened:
        """As it was opened: nothing chosen, filtered, typed or moved."""
        self.ask(_AGAIN)
        self.settle()
        return self

    def find(self, name: str) -> None:
        """Search for a name and choose the best answer, with the keyboard alone."""
        self.page.keyboard.press("/")
        self.page.keyboard.type(name)
        self.page.keyboard.press("Enter")

    def text(self, selector: str) -> str:
        return str(self.page.inner_text(selector))


Open = Callable[..., Opened]
_PATIENCE = 180_000
"""Milliseconds for anything that a test waits for: only a page that never gets there is a fault."""


def _opener(chromium: Any) -> Iterator[Open]:
    contexts: list[Any] = []
    opened: list[Opened] = []

    def start(path: Path | str, fragment: str = "", query: str = "", **options: Any) -> Opened:
        usual = {"viewport": {"width": 1024, "height": 680}, "locale": "en-GB", "reduced_motion": "reduce"}
        context = chromium.new_context(**(usual | options))
        contexts.append(context)
        context.set_default_timeout(_PATIENCE)
        page = context.new_page()
        errors: list[str] = []
        requests: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: requests.append(request.url))
        address = path if isinstance(path, str) else path.as_uri()
        page.goto(address + query + fragment)
        page.wait_for_selector("body[data-ready=true]")
        opened.append(Opened(page, errors, requests))
        return opened[-1]

    yield start
    found = [error for each in opened for error in each.errors]
    for context in contexts:
        context.close()
    assert found == []


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Open]:
    """`open_page(path, fragment="", query="", **context)`: an `Opened`, ready; the map jumps and does not fly."""
    yield from _opener(chromium)


@pytest.fixture(scope="module")
def open_once(chromium: Any) -> Iterator[Open]:
    """The same, for pages that the tests of a module share: opening one costs more than what most tests ask of it."""
    yield from _opener(chromium)


@pytest.fixture(scope="session")
def big_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        graph = graphs.big()
        graphs.draw_quickly(graph)
        folder.mkdir()
        (folder / "graph.html").write_bytes(assemble(graph))

    return made_once(tmp_path_factory, "big", make) / "graph.html"


@pytest.fixture(scope="session")
def middle_graph() -> KnowledgeGraph:
    """Five hundred posts: large enough for everything, small enough to be quick."""
    return graphs.big(posts=500, seed=3)


@pytest.fixture(scope="session")
def middle_page(middle_graph: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("middle") / "graph.html"
    path.write_bytes(assemble(middle_graph))
    return path


@pytest.fixture(scope="module")
def middle(middle_page: Path, open_once: Open) -> Opened:
    """Its page, shared: say `middle.again()`."""
    return open_once(middle_page)


@pytest.fixture(scope="session")
def content_page(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The posts that come with the project."""
    path = tmp_path_factory.mktemp("content") / "graph.html"
    path.write_bytes(assemble(kg.build(repo / "content", output=None, formats=()).knowledge_graph))
    return path


@pytest.fixture(scope="session")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "graph.html"
    path.write_bytes(assemble(graphs.hostile()))
    return path


def saved(download: Any) -> str:
    """What a download holds."""
    return Path(download.path()).read_text("utf-8-sig")


def saved_json(download: Any) -> Any:
    return json.loads(saved(download))
