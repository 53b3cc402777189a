"""Named example queries: one `.rq` file each, found by its file name.

A file begins with comments that say what it answers and which parameters it takes:

    # Who appears with whom
    # What it answers, in a sentence or two.
    # @name OpenAI    Somebody or something, under any of its names.
    # @limit? 20      How many rows at most.

`@name` is a parameter with an example; `?` marks one that may be left out. A parameter is a variable of the query that
is *bound* to a value; its text is never parsed. It stands in the SELECT clause, as binding demands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from kg.errors import ConfigError
from kg.namespaces import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyoxigraph as ox

    from kg.stores.embedded import Embedded


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable of a named query that the user may set."""

    name: str
    example: str
    text: str
    """What it means."""
    optional: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A named query."""

    name: str
    title: str
    text: str
    """What it answers."""
    parameters: tuple[Parameter, ...]
    query: str
    """SPARQL, comments included."""

    def bind(self, values: Mapping[str, str]) -> dict[str, str]:
        """Check values for the parameters.

        Raises:
            ConfigError: one is unknown, or one that is needed is missing.
        """
        known = {parameter.name for parameter in self.parameters}
        for name in values:
            if name not in known:
                hint = f"it takes {', '.join(sorted(known))}" if known else "it takes none"
                raise ConfigError(f"{self.name} has no parameter {name!r}; {hint}")
        for parameter in self.parameters:
            if not parameter.optional and parameter.name not in values:
                raise ConfigError(
                    f"{self.name} needs {parameter.name}: {parameter.text} "
                    f"For example: --set {parameter.name}={_quoted(parameter.example)}"
                )
        return dict(values)

    def with_examples(self, values: Mapping[str, str] | None = None) -> str:
        """The query with example values written in, for an editor, which cannot bind variables.

        Within expressions a parameter becomes the text, quoted; elsewhere (SELECT, GROUP BY) it is left out. Parameters
        that may be left out stay unbound variables.

        Args:
            values: better examples than ours, by the name of the parameter.
        """
        from pyoxigraph import Literal

        from kg.stores.syntax import tokens

        better = values or {}
        texts = {p.name: str(Literal(better.get(p.name, p.example))) for p in self.parameters if not p.optional}
        left_out = {p.name for p in self.parameters if p.optional}
        result, end, before = [], 0, ""
        for token in tokens(self.query):
            name = token.text[1:] if token.kind == "variable" else ""
            in_expression = before in _OPERATORS
            before = token.text
            if name not in texts and (name not in left_out or in_expression):
                continue
            result.append(self.query[end : token.start])
            end = token.start + len(token.text)
            if in_expression:
                result.append(texts[name])
            else:
                end += self.query[end : end + 1] == " "
        return "".join([*result, self.query[end:]])


_OPERATORS = frozenset({"(", ",", "=", "!=", "<", ">", "<=", ">=", "&&", "||", "!", "+", "-", "*", "/"})


def names() -> list[str]:
    """The names of all example queries, in alphabetical order."""
    return sorted(file.name.removesuffix(".rq") for file in files(__name__).iterdir() if file.name.endswith(".rq"))


@cache
def get(name: str) -> Example:
    """One example query.

    Raises:
        ConfigError: there is none of this name.
    """
    if name not in names():
        raise ConfigError(f"no example query is called {name!r}; kg query --examples lists them")
    return parse(name, (files(__name__) / f"{name}.rq").read_text("utf-8"))


_PARAMETER = re.compile(r"@(\w+)(\??)\s+(\"[^\"]*\"|\S+)\s+(.*)")


def parse(name: str, query: str) -> Example:
    """Read the header of a query.

    Raises:
        ValueError: the header does not follow the rules above.
    """
    header = []
    for line in query.splitlines():
        if not line.startswith("#"):
            break
        header.append(line.lstrip("#").strip())
    if not header:
        raise ValueError(f"{name}: no header")
    parameters = []
    prose = []
    for line in header[1:]:
        if line.startswith("@"):
            match = _PARAMETER.fullmatch(line)
            if not match:
                raise ValueError(f"{name}: {line!r} is not a parameter; write '@name example  meaning'")
            parameters.append(Parameter(match[1], match[3].strip('"'), match[4], bool(match[2])))
        else:
            prose.append(line)
    return Example(name, header[0], " ".join(prose), tuple(parameters), query)


_NAMED = """
SELECT ?name WHERE { ?thing rdfs:label|skos:altLabel ?spelling . FILTER(LCASE(STR(?spelling)) = LCASE(?name)) } LIMIT 1
"""


def unknown(graph: Embedded, example: Example, values: Mapping[str, ox.Literal]) -> Iterator[str]:
    """Why an answer is empty: values of parameters that name neither a thing nor a kind in the graph.

    What a parameter means follows from what the query compares it with: names, or classes of schema.org.
    """
    for name, value in values.items():
        if f"LCASE(?{name})" in example.query:
            # The example looked at all names as well.
            if not any(True for _row in _rows(replace(graph, reopen=None), _NAMED, name=value)):
                yield f"{name}: nothing is called {value.value!r}"
        elif f"CONCAT(STR(schema:), ?{name})" in example.query:
            classes = (row[0].value for row in _rows(graph, "SELECT DISTINCT ?class { ?thing a ?class }"))
            known = sorted(iri.removeprefix(SCHEMA) for iri in classes if iri.startswith(SCHEMA))
            if value.value and value.value not in known:
                yield f"{name}: nothing is of the class {value.value!r}; there are {', '.join(known)}"


def _rows(graph: Embedded, query: str, **parameters: ox.Literal) -> ox.QuerySolutions:
    return cast("ox.QuerySolutions", graph.ask(query, parameters=parameters))


def _quoted(value: str) -> str:
    return f"'{value}'" if re.search(r"[^\w.-]", value) else value
