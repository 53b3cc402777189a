"""Attacks by what a post holds, and by how a folder is made.

What holds very many names is only read: what becomes of names is a matter of `names.py`.
"""

from __future__ import annotations

import json
from math import isqrt

from benchmarks.hostile import attack


def _yaml(text: str, body: str = "") -> str:
    return f"---\ntitle: A\n{text}\n---\n{body}"


def _toml(text: str) -> str:
    return f"+++\ntitle = 'A'\n{text}\n+++\n"


def _many(text: str, n: int, between: str = "\n") -> str:
    """A text n times, `@` in it being the number."""
    return between.join(text.replace("@", str(i)) for i in range(n))


# --- Links, fields and tags of bodies ---


@attack(40_000)
def slashes(n: int) -> str:
    return f"[a](/a{'/' * n}z.md)"


@attack(20_000)
def slashes_in_wikilinks(n: int) -> str:
    return f"[[a{'/b' * n}]] [[{'../' * n}]]"


@attack(20_000)
def anchors_on_a_line(n: int) -> str:
    return "[<a href>](z.md)" * n


@attack(20_000)
def wide_anchors_on_a_line(n: int) -> str:
    return "[中<a href>](z.md)" * n


@attack(20_000)
def anchors_never_closed(n: int) -> str:
    return "<a href='x" * n


@attack(200)
def tags_within_words_of_anchors(n: int) -> str:
    return _many(f"<a href=x>{'<' * 900}</a>", n)


@attack(20_000)
def wikilinks_on_a_line(n: int) -> str:
    return _many("[[é@]]", n, "")


@attack(20_000, "read")
def fields_on_a_line(n: int) -> str:
    return _many("[a@:: b]", n, "")


@attack(20_000)
def fields_never_closed(n: int) -> str:
    return "(a:: b [[c]] " * n


@attack(20_000, "read")
def fields_of_a_line_each(n: int) -> str:
    return _many("key@:: [[b]]", n)


@attack(40_000, "read")
def inline_tags(n: int) -> str:
    return _many("#a/b@", n, " ")


@attack(40_000)
def brackets_never_closed(n: int) -> str:
    return "[" * n + "![" * n


@attack(10_000)
def footnotes(n: int) -> str:
    return _many("[^a@]", n, "") + "\n\n" + _many("[^a@]: b [[c]]", n)


@attack(10_000)
def definitions_of_links(n: int) -> str:
    return _many("[[a@]] [b][a@]", n, "") + "\n\n" + _many("[a@]: b.md", n)


@attack(10_000)
def quotes_within_quotes(n: int) -> str:
    return ">" * n + " [a](b.md)\n" + _many("> " * 20 + "[[a]]", n // 20)


@attack(20_000)
def cells_of_tables(n: int) -> str:
    return "| a |\n|---|\n" + "| [[a\\|b]] |\n" * n


@attack(100_000)
def emphasis(n: int) -> str:
    return "[a](b.md) " + "*a _b **c " * (n // 10)


@attack(20_000)
def percent_escapes(n: int) -> str:
    return "[a](" + "%C3%A9" * n + ".md)"


@attack(20_000)
def entities(n: int) -> str:
    return "[a](" + "&amp;" * n + ".md) <a href='" + "&lt;" * n + "'>"


@attack(20_000)
def ticks_of_many_lengths(n: int) -> str:
    return "[[a]] %%b%% " + "".join("`" * (i % 300) + "a " for i in range(n // 20))


@attack(20_000)
def fences_never_closed(n: int) -> str:
    return "[[a]] %%b%%\n" + "%%\n```\n~~~~\n" * n


@attack(20_000)
def comments_never_closed(n: int) -> str:
    return "[[a]]\n" + "%% a\n<!-- b\n" * n


@attack(20_000)
def templates(n: int) -> str:
    return "{% raw %}{{< ref " * n + "{% post_link a" * n


@attack(20_000)
def blocks_of_org(n: int) -> str:
    return "[[a]]\n" + "#+begin_src\n#+begin_example\n" * n


@attack(50_000)
def marks_of_markdown_in_html(n: int) -> str:
    return '<div markdown="1">' + "<p" * n + " [a](b.md)"


# --- Glosses, definitions, sections ---


@attack(20_000)
def glosses(n: int) -> str:
    return _many("中文@（AB@）", n, "")


@attack(20_000)
def glosses_never_closed(n: int) -> str:
    return "中（A B C" * n


@attack(20_000)
def definitions_in_brackets(n: int) -> str:
    return _many("**甲@**（Alpha@: 一种东西@）", n // 10, "")


@attack(20_000)
def definitions_never_closed(n: int) -> str:
    return "**a** (b: c (d) " * n


@attack(10_000)
def sections_of_glossaries(n: int) -> str:
    return _many("## Glossary\n- **T@**: text", n)


@attack(10_000)
def definition_lists(n: int) -> str:
    return _many("Term@\n: text\n", n)


@attack(10_000)
def abbreviations(n: int) -> str:
    return _many("*[A@]: alpha", n)


# --- YAML ---


@attack(25_000)
def yaml_keys_after_a_fault(n: int) -> str:
    return _yaml("a: b: c\n" + _many("k@: v", n))


@attack(10_000)
def yaml_keys_after_another_break(n: int) -> str:
    return _yaml("a: 'x\u2028y'\n" + _many("k@: v", n))


@attack(10_000)
def yaml_faults(n: int) -> str:
    return _yaml(_many("k@: [", n))


@attack(10_000, "read")
def yaml_items_on_a_line(n: int) -> str:
    return _yaml(f"tags: [{_many('t@', n, ', ')}]")


@attack(20_000)
def yaml_empty_items_beside_a_comment(n: int) -> str:
    return _yaml("tags: [a, #b\n" + "!!str , " * n + "c]")


@attack(8_000, "read")
def yaml_aliases(n: int) -> str:
    return _yaml(_many("k@: &a@ v\nj@: *a@", n))


@attack(4_000)
def yaml_merge_keys(n: int) -> str:
    return _yaml("a: &a {x: 1}\n" + _many("k@:\n  <<: *a\n  y@: z", n))


@attack(8_000)
def yaml_directives(n: int) -> str:
    return f"---\n{_many('%TAG !a@! tag:x', n)}\n--- \ntitle: A\n---\n"


@attack(10_000)
def yaml_keys_written_twice(n: int) -> str:
    return _yaml("k: v\n" * n)


# --- Other dialects ---


@attack(5_000)
def toml_tables_after_a_fault(n: int) -> str:
    return _toml("a = b c\n" + _many("[t@]\nk = 1", n))


@attack(5_000)
def toml_arrays_of_tables(n: int) -> str:
    return _toml("[[t]]\nk = 1\n" * n)


@attack(5_000)
def toml_dotted_keys(n: int) -> str:
    return _toml(_many("a@.b.c = 1", n))


@attack(50_000)
def toml_long_word(n: int) -> str:
    return _toml(f"a = {'b' * n}")


@attack(10_000)
def json_members_after_a_fault(n: int) -> str:
    return '{\n"a": b,\n' + _many('"k@": 1', n, ",\n") + "\n}\n"


@attack(10_000)
def json_members(n: int) -> str:
    return json.dumps({f"k{i}": ["v"] for i in range(n)}, indent=1) + "\n"


@attack(20_000)
def multimarkdown_lines(n: int) -> str:
    return "Title: A\nSummary: a\n" + "    more of it\n" * n


@attack(10_000)
def org_lines(n: int) -> str:
    return "#+title: A\n" + _many("#+k@: v", n)


@attack(4_500)
def dashes_for_a_fence(n: int) -> str:
    return "-" * n + "a\ntitle:x\n"


# --- Values ---


@attack(20_000, "read")
def names_in_a_string(n: int) -> str:
    return _yaml(f"tags: {_many('《t@》', n, '、')}")


@attack(20_000, "read")
def names_in_quotes_never_closed(n: int) -> str:
    return _yaml("tags: " + "《a，“b，（c" * n)


@attack(50_000)
def unseen_characters(n: int) -> str:
    return _yaml(f"k: {chr(0xA0) * n}a\nj: '{chr(0x200E) * n}א'")


@attack(50_000)
def long_values_of_every_kind(n: int) -> str:
    fields = ("date", "lang", "source", "draft", "author", "aliases", "slug", "rating", "weight")
    return _yaml("\n".join(f"{field}: '{'1-' * n}'" for field in fields))


# --- Folders ---


@attack(200_000)
def nested_folders(n: int) -> dict[str, str]:
    """One post in each; n is what all their paths have together."""
    return {"a/" * i + "p.md": f"# P{i}\n" for i in range(isqrt(n))}


@attack(200_000)
def nested_folders_with_data(n: int) -> dict[str, str]:
    """As before, and directory data of Eleventy in each."""
    data = {"a/" * i + "a/a.11tydata.json": '{"tags": ["x"], "layout": "y"}' for i in range(isqrt(n))}
    return data | nested_folders.generate(n)


@attack(200_000)
def nested_sections(n: int) -> dict[str, str]:
    """As before, and a cascade of Hugo in each."""
    pages = {"a/" * i + "_index.md": "---\ncascade:\n  series: x\n---\n" for i in range(isqrt(n))}
    return pages | nested_folders.generate(n)


@attack(1_000)
def posts_with_data(n: int) -> dict[str, str]:
    data = {f"p{i}.11tydata.json": '{"layout": "y"}' for i in range(n)}
    return data | {f"p{i}.md": f"# P{i}\n" for i in range(n)}


@attack(1_000)
def posts_of_one_line(n: int) -> dict[str, str]:
    return {f"p{i}.md": f"# P{i}\n" for i in range(n)}


@attack(500)
def posts_of_one_name(n: int) -> dict[str, str]:
    """In a folder each, with links that could mean any of them, and an address that all of them claim."""
    return {f"f{i}/x.md": f"---\npermalink: /x/\n---\n[[x]] [x](/x/) [y](/gone/f{i}/x.md)\n" for i in range(n)}


@attack(500)
def hidden_folders(n: int) -> dict[str, str]:
    return {f".a{i}/p.md": f"# P{i}\n" for i in range(n)} | {"p.md": "# P\n"}


# --- `kg check` ---


@attack(1_000, "check")
def bodies_nearly_the_same(n: int) -> dict[str, str]:
    return {f"p{i}.md": f"# P{i}\n" + _many("a line that all of them share @", 20) + f"\nown {i}\n" for i in range(n)}


@attack(50_000, "check")
def lines_of_one_body(n: int) -> str:
    return _many("line \u200b @", n)


@attack(100_000, "read")
def slips_between_fields(n: int) -> str:
    return "title: x\ndate: 2024-05-01\n" + "no field\nkey: v\n    more\n" * (n // 20)


@attack(100_000, "read")
def comments_above_a_fence(n: int) -> str:
    return ("<!-- a --> " + " " * 9) * (n // 20) + "---\ntitle: x\n"


@attack(100_000, "read")
def torn_strings(n: int) -> str:
    return "+++\na = '''\n" + "b = ''\nc = '''x''''\n" * (n // 20) + "+++\n"


@attack(20_000)
def templates_of_logseq(n: int) -> dict[str, str]:
    return {"logseq/config.edn": "{}", "pages/a.md": "- a\n  template:: x\n" * n + "\t- template:: y\n" * n}


@attack(50_000)
def percent_signs_above_text(n: int) -> str:
    return "% a " + "% 2024 " * n + "\n% b\n\nText.\n"


@attack(10_000)
def fields_that_a_lost_line_break_joined(n: int) -> str:
    """Of each, the other keys are looked at."""
    return "---\n" + "".join(f"k{number}: a tags: b\n" for number in range(n // 10)) + "---\n"


@attack(50_000)
def torn_fields_in_a_body(n: int) -> str:
    """Keys with a sign too many, and words that may be keys."""
    return '"tags:: x\n' * (n // 10) + "x:: " + "a1" * n + "::\n"


@attack(50_000)
def fields_that_nothing_closes(n: int) -> str:
    """Fields, prose and a rule far below."""
    return "---\ntitle: x\n\n" + "prose\n\n" * (n // 8) + "---\n"
