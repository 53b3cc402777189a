"""Hostile names, links, values, glosses and ledgers: what all posts together make of what each of them says."""

from __future__ import annotations

from itertools import islice, pairwise, product
from math import isqrt
from string import ascii_lowercase

from benchmarks.hostile import attack

LEDGER = "kg-ledger.txt"
_SOUNDS = "阿贝德尔法加哈金卡拉马纳帕奇萨塔瓦西亚扎本丹格赫杰肯勒米尼欧"


def _post(body: str = "", **fields: object) -> str:
    lines = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return f"---\n{lines}---\n{body}\n"


def _listed(names: list[str]) -> str:
    return "".join(f'\n  - "{name}"' for name in names)


def _spread(texts: list[str]) -> dict[str, str]:
    return {f"{number}.md": text for number, text in enumerate(texts)}


def _words(n: int, length: int = 5) -> list[str]:
    """Words of which each differs from many others in one letter."""
    return list(islice(map("".join, product(ascii_lowercase, repeat=length)), n))


def _ledger(lines: list[str], names: list[str]) -> dict[str, str]:
    return {LEDGER: "\n".join([*lines, ""]), "post.md": _post(people=_listed(names))}


# Names.


@attack(20_000)
def notes_behind_a_name(n: int) -> str:
    return _post(author="A" + " ^1^" * n + " x]")


@attack(20_000)
def links_joined_by_blanks(n: int) -> str:
    return _post(author='"[[a]]' + " " * n + '[[b"', people='"' + "[[a]] and " * n + '"')


@attack(5_000, "read")
def people_by_their_names(n: int) -> str:
    return _post(guests="".join(f"\n  {word.title()}: {{role: x}}" for word in _words(n)))


@attack(1_500)
def names_one_letter_apart(n: int) -> str:
    return _post(people=_listed([f"Abcdefgh{word}" for word in _words(n)]))


@attack(1_500)
def organizations_one_letter_apart(n: int) -> str:
    return _post(companies=_listed([f"Abcdefgh{word}" for word in _words(n)]))


@attack(1_500)
def names_one_letter_apart_each_in_a_post(n: int) -> dict[str, str]:
    return _spread([_post(people=f"[Abcdefgh{word}]") for word in _words(n)])


@attack(1_500)
def surname_with_spellings_and_bearers(n: int) -> str:
    spellings = ["m.u-s'k" + "." * number for number in range(n)]
    return _post(people=_listed([*spellings, *(f"{word} Musk" for word in _words(n))]))


@attack(1_500)
def names_of_one_sound_in_two_scripts(n: int) -> str:
    vowels = list(islice(map("".join, product("аеиоуыэ", repeat=6)), n))
    latin = list(islice(map("".join, product("aeiouy", repeat=6)), n))
    names = [f"М{a}к{b}р" for a, b in pairwise(vowels)] + [f"M{a}k{b}r" for a, b in pairwise(latin)]
    return _post(companies=_listed(names))


@attack(2_000, run="resolve")
def meanings_of_one_name(n: int) -> dict[str, str]:
    return _spread([_post(f"Hub（{_SOUNDS[at % 7]}{_SOUNDS[at % 11]}{word}中）", companies="[Hub]")
                    for at, word in enumerate(_words(n))])  # fmt: skip


@attack(1_000, run="resolve")
def plurals_of_words_in_any_order(n: int) -> str:
    words = _words(n)
    return _post(tags=_listed([name for a, b in pairwise(words) for name in (f"{a}-{b}s", f"{b}s-{a}", f"{b}-{a}")]))


@attack(3_000)
def people_of_one_surname(n: int) -> str:
    return _post(people=_listed(["Musk", *(f"{word.title()} Musk" for word in _words(n))]))


@attack(3_000)
def people_of_one_first_name(n: int) -> str:
    return _post(people=_listed([f"Elon {word.title()}" for word in _words(n)]))


@attack(3_000)
def initials_of_many(n: int) -> str:
    names = [f"I{word} M{word} F{word}" for word in _words(n)]
    return _post(companies=_listed(["IMF", *names]))


@attack(1_500)
def homophones(n: int) -> str:
    names = ["".join(letters) for letters in islice(product("一衣医依伊以已亿易", repeat=5), n)]
    return _post(people=_listed(["Yi Yiyiyiyi", *names]))


@attack(1_500)
def foreign_sounds(n: int) -> str:
    wide = ["".join(letters) for letters in islice(product(_SOUNDS, repeat=4), n)]
    latin = [f"{a}a{b}a{c}a{d}a" for a, b, c, d in islice(product("bdfghklmnprstv", repeat=4), n)]
    return _post(people=_listed([*wide, *latin]))


@attack(1_500)
def companies_with_one_core(n: int) -> str:
    return _post(companies=_listed(["Acme", *(f"Acme{'.' * number} Inc" for number in range(n))]))


@attack(3_000)
def middle_initials(n: int) -> str:
    letters = [f"{a}{b}{c}" for a, b, c in islice(product(ascii_lowercase, repeat=3), n)]
    return _post(people=_listed([f"John {' '.join(middle)} Smith" for middle in letters]))


@attack(20_000)
def brackets_with_many_names(n: int) -> str:
    return _post(companies=f'["{"ab " * n}({":".join(["cd"] * n)})"]')


@attack(50_000)
def one_long_name(n: int) -> str:
    return _post(companies=f'["{"ab " * n}", "{"ab " * n}c"]')


@attack(3_000)
def spellings_of_one_name(n: int) -> str:
    return _post(people=_listed([f"A{'-' * number}b" for number in range(n)]))


@attack(2_000)
def one_name_in_every_post(n: int) -> dict[str, str]:
    return _spread([_post(people="[Ann Lee, Anne Lee, Bob]", tags="[a, b]") for _number in range(n)])


# Glosses and definitions.


@attack(1_000)
def one_name_glossed_by_many(n: int) -> str:
    names = ["".join(letters) for letters in islice(product(_SOUNDS, repeat=3), n)]
    body = "。".join(f"他说{name}（Nvidia）" for name in names)
    return _post(body, companies=_listed(["Nvidia", *names]))


@attack(1_000)
def many_names_glossed_by_one(n: int) -> str:
    names = [f"Nv{word}" for word in _words(n)]
    body = "。".join(f"英伟达（{name}）" for name in names)
    return _post(body, companies=_listed(["英伟达", *names]))


@attack(1_000)
def terms_of_one_partner(n: int) -> str:
    return _post("\n".join(f"- **词{chr(0x4E00 + k % 20000)}{k}**（Term: Some Term，说明。）" for k in range(n)))


@attack(1_000)
def abbreviation_of_many(n: int) -> str:
    return _post("\n".join(f"- **PR**（P{word} R{word}，说明文字。）" for word in _words(n)))


@attack(1_000)
def abbreviation_of_a_known_name(n: int) -> str:
    chinese = "\n".join(f"- **公关**（Q{word}: 说明文字。）" for word in _words(n))
    return _post(chinese + "\n" + "\n".join(f"- **PR**（X{word} Y{word}: 公关，说明文字。）" for word in _words(n)))


@attack(1_000)
def one_term_defined_often(n: int) -> str:
    return _post("\n".join(f"- **资本支出**（CAPEX: Capital Expenditure，第{k}种说明。）" for k in range(n)))


@attack(1_000)
def one_definition_of_many_names(n: int) -> str:
    return _post(f"- **词**（{': '.join(f'Name{word}' for word in _words(n))}，说明。）")


@attack(300)
def one_term_defined_in_every_post(n: int) -> dict[str, str]:
    return _spread([_post(f"- **资本支出**（CAPEX: Capital Expenditure，第{k}种说明。）") for k in range(n)])


# Ledgers.


@attack(1_000)
def ledger_chain(n: int) -> dict[str, str]:
    names = [f"N{word}" for word in _words(n + 1)]
    return _ledger([f'same person "{a}" = "{b}"' for a, b in pairwise(names)], ["Ann"])


@attack(1_000)
def ledger_chain_of_mentioned_names(n: int) -> dict[str, str]:
    names = [f"{word} {word[::-1]}" for word in _words(n + 1)]
    return _ledger([f'same person "{a}" = "{b}"' for a, b in pairwise(names)], names)


@attack(1_000)
def ledger_chain_backwards(n: int) -> dict[str, str]:
    names = [f"{word} {word[::-1]}" for word in _words(n + 1)]
    return _ledger([f'same person "{a}" = "{b}"' for a, b in pairwise(names)][::-1], names)


@attack(1_000)
def ledger_star(n: int) -> dict[str, str]:
    names = [f"{word} {word[::-1]}" for word in _words(n)]
    return _ledger([f'same person "Hub Name" = "{name}"' for name in names], ["Hub Name", *names])


@attack(1_000)
def ledger_line_of_many_names(n: int) -> dict[str, str]:
    names = [f"{word} {word[::-1]}" for word in _words(n)]
    return _ledger(["same person " + " = ".join(f'"{name}"' for name in names)], names)


@attack(500)
def ledger_line_that_keeps_many_apart(n: int) -> dict[str, str]:
    names = [f"{word} {word[::-1]}" for word in _words(n)]
    return _ledger(["not person " + " = ".join(f'"{name}"' for name in names)], names)


@attack(1_000)
def ledger_star_kept_apart(n: int) -> dict[str, str]:
    names = [f"{word} Hub" for word in _words(n)]
    return _ledger([f'not person "Hub" = "{name}"' for name in names], ["Hub", *names])


@attack(1_000)
def ledger_taken_back(n: int) -> dict[str, str]:
    lines = [f'person "Hub Name" = "{word}"' for word in _words(n)]
    return _ledger([*(f"same {line}" for line in lines), *(f"forget {line}" for line in lines)], ["Ann"])


@attack(1_000)
def ledger_of_pins_and_names_to_show(n: int) -> dict[str, str]:
    names = [f"{word} {word[::-1]}" for word in _words(n)]
    pins = [f'pin person "{name}" to <https://example.org/{number}>' for number, name in enumerate(names)]
    return _ledger([*pins, *(f'rename person "{name}" to "{name}!"' for name in names)], names)


@attack(1_000)
def ledger_of_splits(n: int) -> dict[str, str]:
    names = [f"{word} {word[::-1]}" for word in _words(n)]
    return _ledger([f'split person "{name}" in "post.md" as "{name} 2"' for name in names], names)


@attack(1_000)
def ledger_joins_what_is_alike(n: int) -> dict[str, str]:
    names = [f"Abcdefgh{word}" for word in _words(n)]
    return _ledger(["same person " + " = ".join(f'"{name}"' for name in names[::2])], names)


@attack(1_000)
def ledger_joins_and_keeps_apart(n: int) -> dict[str, str]:
    names = [f"Abcdefgh{word}" for word in _words(n)]
    apart = [f'not person "{name}" = "Xavier Yu {name}"' for name in names]
    return _ledger(["same person " + " = ".join(f'"{name}"' for name in names[::2]), *apart], names)


@attack(20_000)
def ledger_of_one_long_name(n: int) -> dict[str, str]:
    return _ledger([f'same person "{"a" * n}" = "{"b" * n}"', "same person " + '"\\' * n], ["Ann"])


# Links.


@attack(1_000)
def links_to_a_crowd(n: int) -> dict[str, str]:
    return {f"{number}/note.md": _post("[a](/x/note)") for number in range(n)}


@attack(1_000)
def links_to_a_crowd_each_another(n: int) -> dict[str, str]:
    return {f"{number}/note.md": _post(f"[a](/x{number}/note) [[y{number}/note]]") for number in range(n)}


@attack(1_000)
def links_to_a_crowd_of_one_folder(n: int) -> dict[str, str]:
    return {f"x/{number}/note.md": _post(f"[a](/x/y{number}/note) [b](/2024/x/note)") for number in range(n)}


@attack(1_000)
def links_to_a_crowd_of_many_dates(n: int) -> dict[str, str]:
    dates = [f"{2000 + k // 360}-{k // 30 % 12 + 1:02}-{k % 30 % 28 + 1:02}" for k in range(n)]
    return {f"{k}/{date}-note.md": _post(f"[a](/{date.replace('-', '/')}/note)") for k, date in enumerate(dates)}


@attack(1_000)
def crowd_of_one_title(n: int) -> dict[str, str]:
    return _spread([_post("[[Same]] [[same-]]", title="Same", aliases="[Other, Same]") for _number in range(n)])


@attack(10_000)
def slashes_of_a_link(n: int) -> str:
    return _post("[a](/" + "a/" * n + "b.md) [b](/" + "/" * n + "c) [c](" + "../" * n + "d)")


@attack(10_000)
def parts_of_a_wikilink(n: int) -> str:
    return _post("[[" + "a/" * n + "b]] [[/" + "1" * n + "]] [[" + "1-" * n + "]]")


@attack(10_000)
def parts_of_a_permalink(n: int) -> str:
    return _post("[a](/" + "a/" * n + "b.md)", permalink="/" + "a/" * n, slug="a/" * n)


@attack(2_000)
def links_of_one_post(n: int) -> str:
    return _post("".join(f"[[a{number}]] [b](/c/{number}) " for number in range(n)))


@attack(40_000)
def posts_deep_in_folders(n: int) -> dict[str, str]:
    """Some n characters of paths: the paths of n nested folders have n² of them together."""
    n = isqrt(n)
    return {"/".join(f"{part}" for part in range(depth)) + "/p.md": _post("[[p]]") for depth in range(1, n + 1)}


# The graph.


@attack(1_000)
def many_edges_at_one_node(n: int) -> dict[str, str]:
    return _spread([_post("[[0]]", tags="[hub]") for _number in range(n)])


@attack(1_000)
def posts_in_a_chain(n: int) -> dict[str, str]:
    return _spread([_post(f"[[{number + 1}]]") for number in range(n)])


@attack(1_000)
def posts_alone(n: int) -> dict[str, str]:
    return _spread([_post() for _number in range(n)])


@attack(100)
def every_name_with_every_post(n: int) -> dict[str, str]:
    size = int(n**0.5) * 10
    return _spread([_post(tags=_listed([f"t{number}" for number in range(size)])) for _post_ in range(size)])


@attack(1_000_000)
def long_value(n: int) -> str:
    return _post(title='"' + "é\\n" * (n // 4) + '"', summary='"' + "<&>" * (n // 3) + '"')


@attack(3_000)
def aliases_of_one_post(n: int) -> str:
    return _post(aliases=_listed([f"alias {number}" for number in range(n)]))


@attack(1_000)
def tags_nested_deep(n: int) -> str:
    return _post(tags=f'["{"/".join(["a"] * n)}", "{"/".join(["b"] * n)}"]')


# What `kg check` looks for.


@attack(1_000, "check")
def values_of_the_same_letters(n: int) -> dict[str, str]:
    values = ["".join(c.upper() if k >> at & 1 else c for at, c in enumerate("abcdefghijklmno")) for k in range(n)]
    return _spread([_post(status=value) for value in [*values, *["zzz"] * (5 * n)]])


@attack(1_000, "check")
def frequent_values_of_the_same_letters(n: int) -> dict[str, str]:
    values = ["".join(c.upper() if k >> at & 1 else c for at, c in enumerate("abcdefghijklmno")) for k in range(n)]
    return {f"{k}.md": _post(status=_listed(values[k : k + 1] * 6)) for k in range(n)}


@attack(500, "check")
def values_one_letter_apart(n: int) -> dict[str, str]:
    values = [f"evergreen{word}" for word in _words(n)]
    return _spread([_post(status=value) for value in [*values, *["evergreenaaaaa"] * (5 * n)]])


@attack(300, "check")
def frequent_values_one_letter_apart(n: int) -> dict[str, str]:
    values = [f"evergreen{word}" for word in _words(n)]
    return {f"{k}.md": _post(status=_listed([value] * 11 + [f"evergreen{k}"])) for k, value in enumerate(values)}


@attack(500, "check")
def values_that_are_not_allowed(n: int) -> dict[str, str]:
    allowed = ", ".join(f'"evergreen{word}"' for word in _words(n))
    posts = _spread([_post(status=f"aevergreen{word}") for word in _words(n)])
    return posts | {"kg.toml": f"[fields.status]\nvalues = [{allowed}]\n"}


@attack(500, "check")
def bodies_nearly_the_same(n: int) -> dict[str, str]:
    common = "\n".join(f"A line that every body has, number {k}" for k in range(40))
    return _spread([_post(common + f"\nThe line of {k}\n" * 4) for k in range(n)])


@attack(500, "check")
def posts_of_one_source(n: int) -> dict[str, str]:
    return _spread([_post(title="Same", source="https://example.org/x") for _number in range(n)])


# Other commands.


@attack(1_000, "suggest")
def suggested_names(n: int) -> dict[str, str]:
    names = [f"Abc{word} Def" for word in _words(n)]
    body = " and ".join(names)
    return {
        "all.md": _post(body, people=_listed([f"{name} X" for name in names])),
        **_spread([_post(name, people=f"[{name}]") for name in names]),
    }


@attack(1_000, "suggest")
def suggested_names_that_overlap(n: int) -> dict[str, str]:
    names = ["A" + "b" * number for number in range(1, n // 10)]
    return {"all.md": _post("Ab" * n, people=_listed(names)), "one.md": _post("Ab " * n, people="[Ab]")}


@attack(500, "glossary")
def glossary_of_many_terms(n: int) -> str:
    return _post("\n".join(f"- **词{k}**（Term{word}: Some {word}，说明。）" for k, word in enumerate(_words(n))))


@attack(1_000, "stats")
def stats_of_a_star(n: int) -> dict[str, str]:
    return _spread([_post("[[0]]", tags=f"[hub, t{number}]") for number in range(n)])


@attack(1_000, "show")
def shown_hub(n: int) -> dict[str, str]:
    return _spread([_post("[[0]]", tags=f"[hub, t{number}]") for number in range(n)])


@attack(1_000, "lookup")
def looked_up_among_many_alike(n: int) -> str:
    return _post(tags=_listed([f"huv{word}" for word in _words(n)]))


@attack(300, "every")
def every_format(n: int) -> dict[str, str]:
    tags = [f"[hub, t{number}, u{number % 10}]" for number in range(n)]
    return _spread([_post("[[0]]", tags=each, people="[Ann Lee]") for each in tags])


@attack(1_000, "resolve")
def candidates_to_review(n: int) -> str:
    return _post(people=_listed([f"{word} Musk" for word in _words(n)]))
