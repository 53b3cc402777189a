"""The ways of writing front matter that `kg` knows, in the order in which they are tried."""

from kg.reading.dialect import Block, Dialect
from kg.reading.json import Json
from kg.reading.plain import FieldList, MultiMarkdown, Nikola, Org, Pandoc
from kg.reading.tagged import Commented, Program, Tagged, Unopened
from kg.reading.toml import Toml
from kg.reading.unclosed import Unclosed
from kg.reading.yaml import Yaml

DIALECTS: tuple[Dialect, ...] = (
    Unclosed("---", Yaml()),  # before the rule that seems to close it
    Yaml(),
    Toml(),
    Unclosed("+++", Toml()),
    Json(),
    Tagged("ya?ml", Yaml()),
    Tagged("toml", Toml()),
    Tagged("json", Json()),
    Program(),
    Org(),
    Pandoc(),
    Nikola(),
    Commented(),
    FieldList(),
    Unopened(),
    MultiMarkdown(),
)


def find(text: str) -> tuple[Dialect, Block] | None:
    """The front matter of a text and how it is written, or None if the text is all body."""
    for dialect in DIALECTS:
        block = dialect.locate(text)
        if block is not None:
            return dialect, block
    return None


def last_line(text: str) -> int:
    """The line in which the front matter ends, without its fence; 0 if there is none."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = find(text)
    if found is None:
        return 0
    end = found[1].end
    return text.count("\n", 0, end) + (not text.endswith("\n", 0, end))
