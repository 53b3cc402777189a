"""A Hypothesis strategy for posts: mostly well formed, in every dialect, with the habits and the sins of real ones."""

from __future__ import annotations

import json

from hypothesis import strategies as st

TRAPS = (
    "", " ", "~", "null", "true", "No", "0123", "0x1D", "1_000", "12:30", "2024-05-01", "2024-13-01",
    "0000-00-00", "Fri Sep  3 11:21:31 CEST 2021", "a, b", "张三、李四；王五", "#tag", "@at", "`code`", "*alias",
    "&anchor", "!!python/object:x", "a: b", "- a", "[a", "{a", "]", "}", "'", "\"", "\\", "|", ">", "%", "---",
    "...", "+++", "\t", "\u200b", "\u202e", "\ufeff", "\x00", "\x07", "\x85", "\u2028", "\ufffe", "😀", "é",
    "[[Note]]", "[[a|b#c]]", "![[x]]", "[a](b.md)", "#a/b", "C#", "https://x.example/a b",
    "javascript:alert(1)", "<script>", "]]>", "{{x}}", "{% raw %}", "{{< ref \"x\" >}}", "key:: value", "%%", "```",
    "<a href='b.md'>", "</a>", "<div>",
    "~~~", "    code", "$x$", "<!--", "zh_cn", "《书》", "“quoted”",
)  # fmt: skip
KEYS = (
    "title", "Title", "date", "tags", "categories", "author", "people", "draft", "published", "lang", "source", "slug",
    "aliases", "series", "taxonomies", "extra", "related", "<<", "2024", "true", "", "a key", "ключ", "__proto__",
)  # fmt: skip

characters = st.characters(exclude_categories=["Cs"])
syntax = st.text("abc ,:#[]{}'\"-|>&*!%@`\n\t", max_size=20)
text = st.one_of(st.sampled_from(TRAPS), st.text(characters, max_size=20), syntax)
keys = st.one_of(st.sampled_from(KEYS), st.text(characters, min_size=1, max_size=8))
scalars = st.one_of(text, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none())
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=12,
)
fields = st.dictionaries(keys, trees, max_size=6)


def _yaml_by_hand(entries: list[tuple[str, str]]) -> str:
    return "\n".join(f"{key}: {value}" for key, value in entries)


def _toml(entries: dict[str, object]) -> str:
    """TOML has JSON's strings, numbers, lists and booleans; nulls and inner maps are left out."""
    lines = []
    for key, value in entries.items():
        plain = [v for v in value if isinstance(v, str | int)] if isinstance(value, list) else value
        if isinstance(plain, str | bool | int | float | list):
            lines.append(f"{json.dumps(key)} = {json.dumps(plain)}")
    return "\n".join(lines)


yaml_written = fields.map(lambda d: json.dumps(d, ensure_ascii=False))  # JSON is YAML
yaml_typed = st.lists(st.tuples(keys, text), max_size=6).map(_yaml_by_hand)
front_matter = st.one_of(
    yaml_typed.map(lambda s: f"---\n{s}\n---\n"),
    yaml_typed.map(lambda s: f"---\n{s}\n...\n"),
    yaml_written.map(lambda s: f"---\n{s}\n---\n"),
    fields.map(lambda d: f"+++\n{_toml(d)}\n+++\n"),
    text.map(lambda s: f"+++\ntitle = {s}\n+++\n"),
    fields.map(lambda d: json.dumps(d, indent=1) + "\n"),
    fields.map(lambda d: f";;;\n{json.dumps(d)}\n;;;\n"),
    yaml_typed.map(lambda s: f"{s}\n\n"),
    text.map(lambda s: f"---{s}\n"),
    st.just(""),
)
lines = st.lists(st.one_of(text, st.lists(st.sampled_from(TRAPS), max_size=5).map(" ".join)), max_size=12)
bodies = lines.map("\n".join)
ends = st.sampled_from(["\n", "\r\n", "\r"])
posts = st.builds(lambda front, body, end: (front + body).replace("\n", end), front_matter, bodies, ends)
"""The text of a post."""

encoded = st.one_of(
    posts.map(str.encode),
    posts.map(lambda s: b"\xef\xbb\xbf" + s.encode()),
    posts.map(lambda s: s.encode("utf-16")),
    posts.map(lambda s: s.encode("gb18030")),
    st.builds(lambda s, junk, at: s[: at % (len(s) + 1)] + junk + s[at % (len(s) + 1) :], posts.map(str.encode),
              st.binary(max_size=6), st.integers(0, 10_000)),
    st.binary(max_size=200),
)  # fmt: skip
"""The bytes of a file."""

names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\x00"), min_size=1, max_size=20).filter(
    lambda name: name not in (".", "..") and not name.startswith(".")
)
paths = st.lists(names, min_size=1, max_size=3).map(lambda parts: "/".join(parts) + ".md")
