"""Whatever is in a file, reading it ends, quickly, without an exception, and what comes out can be written."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import msgspec
import pyoxigraph as ox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.config import Config, Limits
from kg.diagnostics import CODES, render
from kg.linking import links
from kg.model import Post
from kg.reading.body import scan
from kg.reading.files import decode
from kg.reading.headings import main_heading
from kg.reading.posts import Reader
from kg.text.dates import parse_date
from tests.fuzz.strategies import encoded, paths, posts, text

EXAMPLES = int(os.environ.get("KG_FUZZ_EXAMPLES", "150"))
LIMITS = Limits(depth=8, values=200, front_matter_bytes=5000, file_bytes=20_000)
many = settings(
    max_examples=EXAMPLES, deadline=2000, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
READER = Reader(Path(), Config(limits=LIMITS))


def parse(path: str, data: bytes) -> Post | None:
    post, faults = READER.parse(path, data)
    for fault in (*faults, *(post.diagnostics if post else ())):
        assert fault.code in CODES
        assert fault.line >= 0
        assert "\n" not in render(fault)
        lines = data.count(b"\n") + data.count(b"\r") + 1
        assert fault.line <= lines, "a fault lies within the file"
    return post


@given(paths, encoded)
@many
def test_any_bytes_become_a_post_or_a_fault(path: str, data: bytes) -> None:
    post = parse(path, data)
    if post is None:
        return
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(post), type=Post) == post
    assert post.title
    for attribute in post.attributes:
        ox.NamedNode(attribute.predicate)
        if attribute.datatype == "@id":
            ox.NamedNode(attribute.value)
        if attribute.language:
            ox.Literal(attribute.value, language=attribute.language)
    assert all(mention.name.strip() for mention in post.mentions)


@given(st.lists(st.tuples(paths, posts), max_size=6, unique_by=lambda pair: pair[0]))
@many
def test_links_never_lead_out_of_the_folder(folder: list[tuple[str, str]]) -> None:
    read = [post for path, content in folder if (post := parse(path, content.encode()))]
    found = links.resolve(read)
    known = {post.path for post in read}
    assert all(source in known and target in known and source != target for source, target, _line in found.edges)


@given(posts.filter(lambda content: "\0" not in content))
@many
def test_line_ends_change_nothing_but_themselves(content: str) -> None:
    plain = content.replace("\r\n", "\n").replace("\r", "\n")
    one, other = parse("x.md", plain.encode()), parse("x.md", plain.replace("\n", "\r\n").encode())
    assert one is not None
    assert other is not None
    assert (one.mentions, one.attributes, one.links, one.title) == (
        other.mentions, other.attributes, other.links, other.title,
    )  # fmt: skip


@given(st.binary(max_size=300))
@many
def test_decoding_gives_text_or_says_why_not(data: bytes) -> None:
    decoded, faults = decode(data, "x.md")
    if decoded is None:
        assert faults
        assert faults[0].severity == "error"
    else:
        assert "\r" not in decoded
        assert "\0" not in decoded
        decoded.encode()


@given(st.lists(text, max_size=15).map("\n".join), st.booleans())
@many
def test_places_in_bodies_are_where_things_stand(body: str, mdx: bool) -> None:
    body = body.replace("\r", "")
    found = scan(body, 1, mdx=mdx)
    main_heading(body, mdx=mdx)
    source = body.split("\n")
    for name, line, column in found.tags:
        assert source[line - 1][column - 1] == "#"
        assert name
    for link in found.links:
        assert source[link.line - 1][link.column - 1] in "[!<("
    for key, value in found.fields:
        assert source[key.line - 1].startswith(key.text, key.column - 1)
        before_a_comment = value.text.partition("\xa0")[0]
        assert source[value.line - 1].startswith(before_a_comment, value.column - 1)


@given(text)
@many
def test_a_date_is_valid_or_refused(typed: str) -> None:
    try:
        read = parse_date(typed)
    except ValueError as error:
        message = str(error)
    else:
        message = ""
        if read.value:
            date.fromisoformat(read.value[:10])
            assert ox.Literal(read.value, datatype=ox.NamedNode(read.datatype))
    assert not message or "write YYYY-MM-DD" in message
