"""Posts by the hundred, made up so that every rule of resolution, glossary and links has something to do."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SYLLABLES = {
    "林": "lin", "王": "wang", "陈": "chen", "马": "ma", "高": "gao", "知": "zhi", "远": "yuan", "明": "ming",
    "华": "hua", "海": "hai", "文": "wen", "思": "si", "云": "yun", "天": "tian", "江": "jiang", "安": "an",
}  # fmt: skip
SOUNDS = list("卡洛斯马丁拉森诺贝尔格雷姆伯特温莎")
GIVEN = ["Ada", "Bruno", "Clara", "David", "Elena", "Frank", "Greta", "Henry"]
FAMILY = ["Lovelace", "Marten", "Carlson", "Nobel", "Graham", "Lutnick", "Hopper", "Martin", "Balmer", "Larsen"]
WORDS = ["prompt", "vector", "token", "bridge", "cargo", "signal", "harbor", "ledger", "mirror", "engine"]
CHINESE = ["提示词", "向量", "令牌", "桥梁", "货物", "信号", "港口", "账本", "镜像", "引擎", "资本支出", "毛利率"]
OFFICES = [
    "信号局 (SD)",
    "Bureau of Cargo and Vectors (BCV)",
    "DOH",
    "Department of Harbors",
    "H&M",
    "Harbor and Mirror",
]
LEDGER = """\
same person "Ada Lovelace" = "A. Lovelace"
not organization "Signal Works" = "Signal Works Group"
rename organization "Harbor Motor" to "HARBOR"
pin person "Clara Nobel" to <https://example.org/id/clara>
split person "Henry" in "2024/post-0003.md" "2024/post-0007.md" as "Henry Marten"
split person "Henry" in "2024/post-0001.md" as "Henry Graham"
sameas organization "Token Labs" = <https://example.org/token>
sameas organization "Vector Labs" = <https://example.org/token>
whole person "Clara Nobel"
same tag "nobody-says-so" = "nor-this"
"""


def write(folder: Path, count: int, seed: int = 1, *, ledger: bool = True) -> Path:
    """Write posts, a page of an author, some faulty files and a ledger; the same for the same numbers."""
    source = random.Random(seed)
    people = _people(source, max(12, count // 6))
    companies = [f"{word.title()} {kind}" for word in WORDS for kind in ("Works", "Labs", "Motor", "Works Group")]
    for number in range(count):
        path = folder / str(2020 + number % 5) / f"post-{number:04}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_post(source, number, count, people, companies), "utf-8")
    (folder / "authors").mkdir(exist_ok=True)
    (folder / "authors" / "mira.md").write_text("---\ntitle: Mira Holt\nshort_name: mh\n---\nWrites.\n", "utf-8")
    (folder / "2022" / "_index.md").write_text(
        "---\ntitle: All of 2022\ncascade:\n  series: [Yearbook]\n---\n", "utf-8"
    )
    (folder / "broken.md").write_text("---\ntitle: Broken\ndate: 2024-13-01\ntags: [a\n---\n[x](nowhere.md)\n", "utf-8")
    (folder / "bytes.md").write_bytes(b"---\ntitle: \xff\xfe\n---\nx\n")
    (folder / ".hidden.md").write_text("# hidden\n", "utf-8")
    if ledger:
        (folder / "kg-ledger.txt").write_text(LEDGER, "utf-8")
    return folder


def _people(source: random.Random, count: int) -> list[tuple[str, ...]]:
    """Each with one or several names."""
    people: list[tuple[str, ...]] = [("Ada Lovelace", "A. Lovelace", "Lovelace"), ("Clara Nobel",), ("Henry",)]
    for _number in range(count):
        family, *rest = source.sample(sorted(SYLLABLES), source.choice((2, 3)))
        latin = f"{SYLLABLES[family].title()} {''.join(SYLLABLES[c] for c in rest).title()}"
        turned = " ".join(reversed(latin.split()))
        people.append((family + "".join(rest), source.choice((latin, turned))))
        given = source.choice(GIVEN) + source.choice(["", "", "na", "rik", "bel", "ton"])
        last = source.choice(FAMILY) + source.choice(["", "", "sen", "ov", "berg", "ski", "man"])
        wide = "".join(source.sample(SOUNDS, 2)) + "·" + "".join(source.sample(SOUNDS, 3))
        slip = last.replace("ck", "k") if "ck" in last else last[:-1] + last[-1] * 2
        people.append((f"{given} {last}", wide, f"{given} {slip}", last))
    return people


def _definitions(source: random.Random, number: int, companies: list[str]) -> list[str]:
    at = source.randrange(len(WORDS))
    word = WORDS[at] + source.choice(["", "", "s"])
    whole = f"{WORDS[at].title()} {WORDS[(at + number % 2) % len(WORDS)].title()} Index"
    short = "".join(part[0] for part in whole.split())
    other = source.choice(CHINESE)
    lines = [
        f"先说**{CHINESE[at]}**（{word.title()}: 第{number % 7}种说法，一个常用的词，处处能看到）。",
        f"再说**{short}**（{whole}: 第{number % 5}种缩写，报告里常常用到它）。",
        f"还有**{whole}**（{short}: {CHINESE[at]}）。",
        f"又有**{source.choice(companies)}**（{other}: 一家做这个的公司，成立很久了）。",
        f"最后，{CHINESE[at]}（{WORDS[at].title()}）与{other}（{source.choice(WORDS).title()}）不同。",
    ]
    if number % 3 == 0:
        lines.append(f"只此一处：**{other}{number}**（{word.title()} {number}: 别处没有的词，只有这里解释）。")
    return lines


def _post(source: random.Random, number: int, count: int, people: list[tuple[str, ...]], companies: list[str]) -> str:
    chosen = source.sample(people, 3)
    firms = source.sample(companies, 2)
    tags = [*source.sample(WORDS + CHINESE, 3), source.choice(["Prompts", "#token", "訊號", "信号"])]
    lines = [
        "---",
        f"title: {source.choice(WORDS)} {number % (count - 5)}",
        f"date: {2020 + number % 5}-{number % 12 + 1:02}-11",
        f"author: {source.choice(['mira', 'mh', 'Mira Holt', 'Jo Doe'])}",
        f"people: [{', '.join(source.choice(person) for person in chosen)}]",
        f"companies_orgs: [{', '.join(firms)}, {source.choice(['IMF', 'International Monetary Fund', 'The IMF'])},"
        f" {source.choice(OFFICES)}, {source.choice(['SD', 'BCV', '信号局', '港口部'])}]",
        f"tags: [{', '.join(tags)}]",
        f"category: {source.choice(WORDS)}",
        f"slug: {source.choice(WORDS)}-{number // 3}",
        f"mood: {source.choice(['bright', 'dark'])}",
        f"draft: {'true' if number % 9 == 0 else 'false'}",
    ]
    if number % 20 == 5:
        lines.append("date: yesterday")
    lines += ["---", f"# Text {number}", ""]
    for person in chosen:
        if len(person) > 1:
            one, two = (person[0], person[1]) if source.random() < 0.7 else (person[1], person[0])
            lines.append(f"我们见到了{one}（{two}），也见到了{source.choice(firms)}。")
    lines.append(f"港口部（{source.choice(['DOH', 'Department of Harbors'])}）也在场。")
    lines += _definitions(source, number, companies)
    other = source.randrange(count)
    lines += [
        f"See [there](../{2020 + other % 5}/post-{other:04}.md) and [[post-{source.randrange(count):04}|here]].",
        f"Also [[{source.choice(WORDS)} {source.randrange(count)}]], [[nothing-{number}]], [gone](gone-{number}.md),",
        f"and [an address](/2024/{source.choice(WORDS)}-{source.randrange(count) // 3}/).",
    ]
    return "\n".join(lines) + "\n"
