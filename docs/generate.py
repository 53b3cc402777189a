"""Writes the tables of the documentation from the code, so that they cannot say anything else.

A page holds them between two comments, `<!-- table: NAME -->` and `<!-- end -->`; the prose around them is written by
hand. `python docs/generate.py` renews every page, `--check` names those that are out of date and exits 1.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import config, exporters
from kg.checks import mending
from kg.cli import app
from kg.config import DEFAULT_BASE
from kg.diagnostics import CODES, Code, example
from kg.fields import ANY_DATE, FIELDS
from kg.namespaces import KINDS, PREFIXES, XSD, compact
from kg.rdf.ontology import TERMS
from kg.stores import queries as named
from kg.stores.presets import PRESETS, Preset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DOCS = Path(__file__).resolve().parent
_TABLE = re.compile(r"(<!-- table: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )


def code(text: str) -> str:
    """Text as a code span, or nothing at all."""
    return f"`{text}`" if text else ""


def commands() -> str:
    """Every command with its arguments and options."""
    context = click.Context(app, info_name="kg")
    blocks = []
    for name in app.list_commands(context):
        command = app.get_command(context, name)
        assert command is not None
        blocks.append("\n\n".join(_command(command, f"kg {name}", context)))
    return "\n\n".join(blocks)


def _command(command: click.Command, path: str, parent: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=path.rpartition(" ")[2], parent=parent)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"{'#' * (path.count(' ') + 1)} `{path}`"
    yield f"```text\n{path} {usage}\n```"
    yield _prose(command.help or "")
    rows = [
        (", ".join(map(code, option.opts + option.secondary_opts)) + _value(option), _meaning(option))
        for option in command.get_params(context)
        if isinstance(option, click.Option) and not option.hidden and "--help" not in option.opts
    ]
    if rows:
        yield table(("option", "meaning"), iter(rows))
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _command(inner, f"{path} {name}", context)


def _prose(text: str) -> str:
    """Help text as Markdown: a block that click is told not to wrap is an example."""
    blocks = [block.strip("\n") for block in inspect.cleandoc(text).split("\n\n")]
    return "\n\n".join(
        "```text\n" + block[1:].strip("\n") + "\n```" if block.startswith("\b") else block for block in blocks
    )


def _value(option: click.Option) -> str:
    if option.is_flag or option.count:
        return ""
    if isinstance(option.type, click.Choice):
        return " " + " ".join(code(str(choice)) for choice in option.type.choices)
    name = option.type.name.upper()
    return " " + (option.metavar or ("N" if name.endswith("RANGE") else name))


def _meaning(option: click.Option) -> str:
    told = option.help or ""
    if option.show_default and not option.is_flag and option.default is not None:
        told += f" Default: {code(str(option.default))}."
    return told.strip()


def formats() -> str:
    """Every export format."""
    rows = ((name, exporters.get(name)) for name in exporters.names())
    return table(
        ("name", "writes", "what it is", "media type", "specification"),
        (
            (code(name), ", ".join(map(code, e.files)), e.title, e.media_type, f"<{e.spec}>" if e.spec else "")
            for name, e in rows
        ),
    )


def fields() -> str:
    """What each front matter field becomes."""

    def meaning(datatype: str) -> str:
        names = {
            "": "text",
            ANY_DATE: "`xsd:date` or `xsd:dateTime`",
            "@id": "web address",
            XSD + "string": "plain text",
        }
        return names.get(datatype) or code(compact(datatype))

    same: dict[tuple[str, ...], list[str]] = {}
    for key, row in FIELDS.items():
        becomes = f"node: {code(row.kind)}" if row.kind else f"value: {meaning(row.datatype)}"
        same.setdefault((becomes, code(compact(row.predicate)), row.role), []).append(code(key))
    return table(
        ("field", "becomes", "predicate"),
        ((", ".join(keys), becomes, predicate) for (becomes, predicate, _role), keys in same.items()),
    )


def kinds() -> str:
    """The kinds of nodes."""
    return table(
        ("kind", "class", "IRI", "in a SKOS scheme"),
        (
            (code(k.name), code(compact(k.rdf_class)), code("{base}" + k.name + "/…"), "yes" if k.scheme else "")
            for k in KINDS.values()
        ),
    )


def settings() -> str:
    """Every setting of kg.toml, read from the classes that check it."""
    source = ast.parse(inspect.getsource(config))
    classes = {node.name: node for node in source.body if isinstance(node, ast.ClassDef)}
    sections = {"Config": "", "FieldEntry": "[fields.NAME]"}
    for node in classes["Config"].body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.annotation, ast.Name) and node.annotation.id in classes:
            sections[node.annotation.id] = f"[{ast.unparse(node.target)}]"
    blocks = []
    for name, title in sections.items():
        summary = (ast.get_docstring(classes[name]) or "").partition(": ")[2]
        rows = list(_settings(classes[name], skip=set(sections)))
        blocks.append(f"### {code(title) or 'Top level'}\n\n{summary[:1].upper() + summary[1:]}".rstrip())
        blocks.append(table(("setting", "type", "default", "meaning"), iter(rows)))
    return "\n\n".join(blocks)


_TYPES = {
    "str": "text",
    "bool": "true or false",
    "bool | None": "true or false",
    "int": "integer",
    "float": "number",
    "Positive": "integer above 0",
    "Depth": "integer from 1 to 100",
    "Count": "integer from 0",
    "Share": "number from 0 to 1",
    "tuple[str, ...]": "list of texts",
    "DateOrder": '`""`, `day-first`, `month-first`',
}


def _settings(section: ast.ClassDef, *, skip: set[str]) -> Iterator[tuple[str, str, str, str]]:
    for at, node in enumerate(section.body):
        if not isinstance(node, ast.AnnAssign) or node.value is None or ast.unparse(node.annotation) in skip:
            continue
        name, default = ast.unparse(node.target), ast.unparse(node.value)
        if isinstance(node.value, ast.Call):  # msgspec.field(default=…, name=…)
            options = {word.arg: word.value for word in node.value.keywords}
            name, default = ast.literal_eval(options["name"]), ast.unparse(options["default"])
        elif default == "DEFAULT_BASE":
            default = repr(str(DEFAULT_BASE))
        after = section.body[at + 1] if at + 1 < len(section.body) else None
        meaning = ""
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str):
            meaning = " ".join(after.value.value.split())
        yield code(name), _type(node.annotation), code(_toml(default)), meaning


def _type(annotation: ast.expr) -> str:
    text = ast.unparse(annotation)
    if text.startswith("dict[str, Literal["):
        return "table of code to " + ", ".join(code(word) for word in re.findall(r"'(\w+)'", text))
    if text.startswith("Literal["):
        return ", ".join(code(word or '""') for word in re.findall(r"'([^']*)'", text))
    if text.startswith("dict["):
        return "table, see below"
    return _TYPES[text]


def _toml(default: str) -> str:
    """A Python literal as TOML writes it."""
    value = eval(default, {"__builtins__": {}})  # noqa: S307  a literal of our own, such as 32 << 20
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple | list):
        return "[" + ", ".join(f'"{item}"' for item in value) + "]"
    if value is None:
        return "unset"
    return f"{value:_}" if isinstance(value, int) else str(value)


def diagnostics() -> str:
    """Every code."""
    blocks = []
    for hundred, title in _GROUPS.items():
        rows = [c for c in CODES.values() if c.code.startswith(hundred)]
        if rows:
            blocks.append(f"## {title}")
            blocks += map(_code, rows)
    return "\n\n".join(blocks)


def _code(code: Code) -> str:
    blocks = [f"### {code.code}\n\n**{code.title}** ({code.severity}). {code.remedy}"]
    if code.code in mending.codes():
        blocks.append("`kg check --fix` fixes it where that is safe.")
    named = re.sub(r"^~~~(\w+) (\S+)(.*)$", r"`\2`\3:\n\n~~~\1", example(code.code), flags=re.MULTILINE)
    blocks.append(named.replace("~~~text", "`kg check` says:\n\n~~~text", 1).rstrip())
    return "\n\n".join(blocks)


_GROUPS = {
    "KG0": "KG0xx: files",
    "KG1": "KG1xx: front matter and values",
    "KG2": "KG2xx: identity",
    "KG3": "KG3xx: links",
    "KG4": "KG4xx: habits and vocabularies",
}


def vocabulary() -> str:
    """Our own terms."""
    return table(
        ("term", "narrows", "meaning"),
        ((code(compact(t.iri)), ", ".join(code(compact(p)) for p in t.parents), t.comment) for t in TERMS),
    )


def prefixes() -> str:
    """The prefixes of the vocabularies."""
    return table(("prefix", "namespace"), ((code(prefix), f"<{iri}>") for prefix, iri in PREFIXES.items()))


def queries() -> str:
    """The named queries."""
    examples = [named.get(name) for name in named.names()]
    return table(
        ("name", "answers", "parameters"),
        (
            (
                code(e.name),
                f"{e.title}. {e.text}",
                "<br>".join(f"{code(p.name)}{' (optional)' if p.optional else ''}: {p.text}" for p in e.parameters),
            )
            for e in examples
        ),
    )


def stores() -> str:
    """The presets of `kg load`."""

    def ways(preset: Preset) -> str:
        services = {"query": preset.query, "update": preset.update, "graph store": preset.graph_store}
        return ", ".join(f"{word} {code(path)}" for word, path in services.items() if path)

    return table(
        ("preset", "store", "ENDPOINT", "paths", "tested here", "notes"),
        (
            (code(name), p.title, code(p.endpoint), ways(p), "yes" if p.tested else "", p.notes)
            for name, p in PRESETS.items()
        ),
    )


LICENCES = {
    "ahocorasick-rs": "Apache-2.0", "anyascii": "ISC", "click": "BSD-3-Clause", "dask": "BSD-3-Clause",
    "fsspec": "BSD-3-Clause",
    "graspologic-native": "MIT", "httpx": "BSD-3-Clause", "jinja2": "BSD-3-Clause", "mcp": "MIT",
    "msgspec": "BSD-3-Clause", "networkx": "BSD-3-Clause", "numpy": "BSD-3-Clause", "opencc": "Apache-2.0",
    "pandas": "BSD-3-Clause", "pyarrow": "Apache-2.0", "pygls": "Apache-2.0", "pyoxigraph": "Apache-2.0 or MIT",
    "pypinyin": "MIT", "pyromark": "MIT", "pyshacl": "Apache-2.0", "python-frontmatter": "MIT",
    "pyvis": "BSD-3-Clause", "pyyaml": "MIT", "rapidfuzz": "MIT", "rdflib": "BSD-3-Clause", "s3fs": "BSD-3-Clause",
    "scipy": "BSD-3-Clause", "starlette": "BSD-3-Clause", "tomli": "MIT", "uvicorn": "BSD-3-Clause",
    "watchfiles": "MIT", "xlsxwriter": "BSD-2-Clause",
}  # fmt: skip
"""Of what users install: https://spdx.org/licenses/."""


def requirements() -> dict[str, set[str]]:
    """What users install → the extras that bring it, "" for everybody."""
    project = tomllib.loads((DOCS.parent / "pyproject.toml").read_text("utf-8"))["project"]
    result: dict[str, set[str]] = {}
    for extra, lines in {"": project["dependencies"], **project["optional-dependencies"]}.items():
        for line in lines if extra != "dev" else ():
            result.setdefault(re.split(r"[^\w.-]", line, maxsplit=1)[0], set()).add(extra)
    return dict(sorted(result.items()))


def licences() -> str:
    """What users install, and its licence."""
    rows = ((name, ", ".join(sorted(map(code, extras))), LICENCES[name]) for name, extras in requirements().items())
    return table(("library", "extra", "licence"), rows)


TABLES: dict[str, Callable[[], str]] = {
    function.__name__: function
    for function in (
        *(commands, formats, fields, kinds, settings, diagnostics, vocabulary, prefixes, queries, stores, licences),
    )
}


def renewed(page: str) -> str:
    """A page with all its tables written anew."""
    return _TABLE.sub(lambda match: f"{match[1]}\n{TABLES[match['name']]()}\n\n{match[3]}", page)


def main(arguments: list[str]) -> int:
    """Renew or check every page."""
    stale = []
    for path in sorted(DOCS.glob("*.md")):
        page = path.read_text("utf-8")
        new = renewed(page)
        if new != page:
            stale.append(path.name)
            if "--check" not in arguments:
                path.write_text(new, "utf-8")
    if stale:
        sys.stdout.write(f"{'out of date' if '--check' in arguments else 'renewed'}: {', '.join(stale)}\n")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
