"""Questions by name over HTTP: `GET /api/related?name=…`, as `kg.insight.asking.Answers` takes them.

The questions and their parameters are those of the methods of `Answers`, and so is their description by
OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0).
"""

import inspect
from collections.abc import Container, Iterable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from kg.errors import ConfigError, StoreError
from kg.graph.model import KnowledgeGraph
from kg.insight.asking import QUESTIONS, Answers
from kg.server.reconciling import RECONCILE, SUGGEST, Reconciler
from kg.state import Miss

API = "/api/"
_CLOSED = frozenset({"bodies", "quote"})
"""Parameters that HTTP does not offer, because a worker cannot read files."""
_TYPES = {"str": "string", "int": "integer", "bool": "boolean"}
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


class AnswerJob(msgspec.Struct, frozen=True):
    """A question for a worker."""

    name: str
    """One of `QUESTIONS`, `RECONCILE` or `SUGGEST`."""
    parameters: tuple[tuple[str, str], ...]
    seconds: float = 10.0


class ServedGraph(Answers):
    """The graph of the last build, as a worker holds it."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.knowledge_graph = graph
        self.content = Path()

    @cached_property
    def reconciler(self) -> Reconciler:
        """Finds things by names from other people's tables."""
        return Reconciler(self.knowledge_graph)

    def ready(self) -> None:
        """Load all that answers need: no file can be opened later."""
        self.search("a")
        self.central(limit=1)
        self.trends()
        self.themes()
        self.central(by="bridges", limit=1)
        for iri in {node.kind == "post": iri for iri, node in self.knowledge_graph.nodes.items()}.values():
            self.related(iri)
            self.path(iri, iri)
            self.show(iri)
            self.cite(iri)
            self.find(iri)
        self.reconciler.answer('{"q": {"query": "知a"}}')
        with suppress(ConfigError):  # the way to names that are near
            self.related("\ue000知")


def load(output: Path) -> ServedGraph:
    """The graph that was kept.

    Raises:
        StoreError: there is none, or it is damaged.
    """
    from kg.pipeline import saved_graph

    graph = saved_graph.load(output)
    if isinstance(graph, Miss):
        raise StoreError(f"no graph is kept for questions, because {graph.reason.value}; start kg serve with CONTENT")
    return ServedGraph(saved_graph.as_on_the_page(graph, output))


def answer(served: ServedGraph, job: AnswerJob) -> bytes:
    """The rows of an answer as JSON.

    Raises:
        ConfigError: as the question, or a parameter is wrong.
    """
    if job.name in (RECONCILE, SUGGEST):
        ((_name, text),) = job.parameters
        found = served.reconciler.answer(text) if job.name == RECONCILE else served.reconciler.suggest(text)
        return msgspec.json.encode(found)
    names, given = arguments(job.name, job.parameters)
    return msgspec.json.encode(getattr(served, job.name)(*names, **given))


def arguments(question: str, pairs: Iterable[tuple[str, str]]) -> tuple[list[str], dict[str, Any]]:
    """The arguments of a question: the values of `name` if it may be repeated, and all others.

    Raises:
        ConfigError: a parameter is missing, unknown, there twice or of another type.
    """
    names: list[str] = []
    given: dict[str, Any] = {}
    known = parameters(question)
    for name, value in pairs:
        if name not in known:
            raise ConfigError(f"{question} has no parameter {name!r}; there are {', '.join(known)}")
        if known[name].kind is inspect.Parameter.VAR_POSITIONAL:
            names.append(value)
        elif name in given:
            raise ConfigError(f"{name} is given twice")
        else:
            given[name] = _value(name, value, str(known[name].annotation))
    for name, parameter in known.items():
        if needed(parameter) and name not in given:
            raise ConfigError(f"{question} needs the parameter {name!r}")
    return names, given


def _value(name: str, value: str, type_: str) -> str | int | bool:
    if type_ == "bool":
        if value not in _TRUTH:
            raise ConfigError(f"{name} is true or false, not {value!r}")
        return _TRUTH[value]
    if type_ == "int":
        if not (value.isascii() and value.isdecimal() and len(value) < 10):
            raise ConfigError(f"{name} is a whole number of at least 0, not {value!r}")
        return int(value)
    return value


def parameters(question: str, closed: Container[str] = _CLOSED) -> dict[str, inspect.Parameter]:
    """The parameters of a question except some, by their names in a URL: `names` is `name`, repeated."""
    found = inspect.signature(getattr(Answers, question)).parameters
    return {
        "name" if p.name == "names" else p.name: p for p in found.values() if p.name != "self" and p.name not in closed
    }


def needed(parameter: inspect.Parameter) -> bool:
    """Whether a question cannot be asked without it."""
    return parameter.default is parameter.empty and parameter.kind is not inspect.Parameter.VAR_POSITIONAL


def schema_of(parameter: inspect.Parameter) -> dict[str, Any]:
    """The JSON Schema of what a parameter takes: one value, or several."""
    kind = {"type": _TYPES[str(parameter.annotation)]}
    return {"type": "array", "items": kind} if parameter.kind is parameter.VAR_POSITIONAL else kind


def openapi(version: str) -> dict[str, Any]:
    """The description of all questions by OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "kg", "version": version, "description": "Questions about the graph of a folder of posts."},
        "paths": {f"{API}{question}": {"get": _operation(question)} for question in QUESTIONS},
    }


def _operation(question: str) -> dict[str, Any]:
    doc = inspect.getdoc(getattr(Answers, question)) or ""
    thing = {"type": "object"}
    returned = inspect.signature(getattr(Answers, question)).return_annotation
    rows: dict[str, Any] = {"type": "array", "items": thing} if returned.startswith("list") else thing
    if returned.endswith("bool"):
        rows = {"anyOf": [rows, {"type": "boolean"}]}
    failures = {"400": "The question is wrong; one line says why.", "503": "There is no answer now; one line says why."}
    return {
        "operationId": question,
        "summary": doc.split("\n")[0],
        "parameters": [_parameter(name, parameter) for name, parameter in parameters(question).items()],
        "responses": {
            "200": {"description": "The rows, the best first.", "content": {"application/json": {"schema": rows}}},
            **{
                status: {"description": text, "content": {"text/plain": {"schema": {"type": "string"}}}}
                for status, text in failures.items()
            },
        },
    }


def _parameter(name: str, parameter: inspect.Parameter) -> dict[str, Any]:
    schema = schema_of(parameter)
    if parameter.default is not parameter.empty:
        schema["default"] = parameter.default
    if schema["type"] == "integer":
        schema["minimum"] = 0
    return {"name": name, "in": "query", "required": needed(parameter), "schema": schema}
