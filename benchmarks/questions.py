"""Whether questions are answered rightly, with proof, and briefly: by command, over HTTP and for agents.

    python -m benchmarks.questions [--corpus FOLDER]

Twenty-five questions about content/ have answers that were written by hand. Twenty-five about another folder of posts
in the same schema have answers that are counted in its front matter by another reader (python-frontmatter), without kg.
An answer is right if it holds what is wanted, proven if it names a file and a line and all that it names exist, and
brief if it has at most 2,000 tokens as `kg.agents.budget` estimates them. The exit status is 1 below 95%.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
import tempfile
from collections import Counter, defaultdict
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import frontmatter
import yaml

import kg
from kg.agents import budget, tools
from kg.agents.desk import Desk
from kg.pipeline.build import configure
from kg.server import answering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 2000


class Question(NamedTuple):
    """A question and what its answer has to hold."""

    tool: str
    given: dict[str, Any]
    wanted: tuple[str, ...]


def ask(tool: str, *wanted: str, **given: Any) -> Question:
    return Question(tool, given, wanted)


OWN = (
    ask("find", "Ada Lovelace", name="艾达·洛芙莱斯"),
    ask("find", "World Wide Web Consortium", name="万维网联盟"),
    ask("find", "Leonhard Euler", name="欧拉"),
    ask("find", "Paul Otlet", name="保罗奥特莱", kind="person"),
    ask("find", "Tim Berners-Lee", name="berners"),
    ask("show", "Charles Babbage", "essays/note-g.md", name="Charles Babbage"),
    ask("show", "艾达·洛芙莱斯", "talks/nanoseconds.md", "essays/note-g.md", name="Ada Lovelace"),
    ask("show", "2026-05-03", "Ada Lovelace", name="essays/note-g.md"),
    ask("show", "a store, a mill and punched cards", name="分析机"),
    ask("related", "Luigi Menabrea", name="Jacquard loom"),
    ask("related", "Analytical Engine", name="Ada Lovelace", only="product"),
    ask("related", "essays/note-g.md", name="talks/nanoseconds.md"),
    ask("path", "talks/nanoseconds.md", name="Ada Lovelace", other="COBOL"),
    ask("path", "essays/memex.md", name="Memex", other="Ted Nelson"),
    ask("path", "notes/cool-addresses.md", name="Brewster Kahle", other="ORCID"),
    ask("search", "notes/seven-bridges.md", words="Konigsberg"),
    ask("search", "essays/vague-but-exciting.md", words="vague exciting"),
    ask("search", "World Wide Web", words="万维网"),
    ask("search", "notes/slip-box.md", words="卡片盒"),
    ask("trends", "2026-01", "essays/one-fact-one-card.md", name=("hypertext",)),
    ask("trends", "2026-09", "talks/nanoseconds.md", name=("COBOL",)),
    ask("cite", "notes/many-names.md", "essays/raw-threads.md", name="维基数据"),
    ask("cite", "essays/memex.md", "essays/vague-but-exciting.md", name="Vannevar Bush"),
    ask("cite", "notes/the-pump.md", name="John Snow"),
    ask("cite", "notes/slip-box.md", "essays/one-fact-one-card.md", name="Conrad Gessner"),
)
"""What content/ says, read by a person."""


class Facts(NamedTuple):
    """What front matter says, by another reader: name → paths of posts, path → (date, title, names), all tags."""

    posts: dict[str, list[str]]
    of: dict[str, tuple[str, str, list[str]]]
    tags: set[str]


def facts(content: Path) -> Facts:
    posts: dict[str, list[str]] = defaultdict(list)
    found, tags = {}, set()
    for file in sorted(content.rglob("*.md")):
        path = file.relative_to(content).as_posix()
        try:
            head = frontmatter.loads(file.read_text("utf-8")).metadata
        except (yaml.YAMLError, UnicodeDecodeError, ValueError):
            continue
        names = [n for f in ("people", "companies_orgs", "tags") for n in head.get(f) or () if isinstance(n, str)]
        found[path] = (str(head.get("date", ""))[:10], str(head.get("title") or ""), names)
        tags.update(tag for tag in head.get("tags") or () if isinstance(tag, str))
        for name in dict.fromkeys(names):
            posts[name].append(path)
    return Facts(posts, found, tags)


def counted(known: Facts) -> Iterator[Question]:
    """Questions whose answers follow from what was counted; names that are neither rare nor everywhere."""
    usual = sorted(name for name, paths in known.posts.items() if 6 <= len(paths) <= 30 and len(name) > 3)
    step = max(1, len(usual) // 40)
    picked = usual[::step]
    dated = {name: sorted((known.of[path][0], path) for path in known.posts[name]) for name in picked}
    clear = [name for name in picked if dated[name][-1][0] > dated[name][-2][0]]
    for name in clear[:5]:
        yield ask("cite", dated[name][-1][1], name=name)
    for name in clear[5:10]:
        yield ask("show", dated[name][-1][1], name=name)
    tags = sorted(tag for tag in known.tags if 4 <= len(known.posts[tag]) <= 30)
    for name in tags[:: max(1, len(tags) // 5)][:5]:  # two tags are seldom one thing, so their months can be counted
        months = Counter(known.of[path][0][:7] for path in known.posts[name])
        newest = max(months)
        yield ask("trends", f'"month":"{newest}","named":{months[newest]},', name=(name,))
    for name in clear[10:15]:
        path = known.posts[name][0]
        other = next((n for n in known.of[path][2] if n != name and len(known.posts[n]) < 6), "")
        if other:
            yield ask("path", *((path,) if len(set(known.posts[other]) & set(known.posts[name])) == 1 else ()),
                      name=name, other=other)  # fmt: skip
    titled = [(path, title) for path, (_day, title, _names) in sorted(known.of.items()) if len(title) > 12]
    for path, title in titled[:: max(1, len(titled) // 5)][:5]:
        yield ask("search", path, words=title)


def by_command(content: Path, output: Path) -> Callable[[Question], str]:
    from click.testing import CliRunner

    from kg.cli import app

    def answer(question: Question) -> str:
        given = dict(question.given)
        words = [question.tool]
        options: list[str] = ["--format", "json", "-q", "--limit", "3" if question.tool == "path" else "5"]
        if question.tool == "trends":
            options += [part for name in given.pop("name") for part in ("--name", name)]
        words += [given.pop(name) for name in ("name", "words", "other") if name in given]
        options += [part for name, value in given.items() for part in (f"--{name}", str(value))]
        if question.tool == "search":
            options += ["-o", str(output)]
        done = CliRunner().invoke(app, [*words, str(content), *options], standalone_mode=False)
        if done.exception:
            return f"{done.exception}"
        return json.dumps(json.loads(done.stdout), ensure_ascii=False, separators=(",", ":"))

    return answer


def by_http(served: answering.Served) -> Callable[[Question], str]:
    def answer(question: Question) -> str:
        pairs = [
            (name, one)
            for name, value in question.given.items()
            for one in (value if isinstance(value, tuple) else (str(value),))
        ]
        job = answering.AnswerJob(question.tool, (*pairs, ("limit", "3" if question.tool == "path" else "5")))
        try:
            return answering.answer(served, job).decode()
        except kg.KgError as error:
            return str(error)

    return answer


def by_agent(desk: Desk) -> Callable[[Question], str]:
    def answer(question: Question) -> str:
        given = {name: list(v) if isinstance(v, tuple) else v for name, v in question.given.items()}
        try:
            return tools.answer(desk.answers(), tools.checked(question.tool, given, LIMIT))
        except kg.KgError as error:
            return str(error)

    return answer


def is_proven(text: str, content: Path) -> bool:
    """Whether an answer names places, and all of them are there."""
    places = re.findall(r"([^\s\"\[\]]+?\.md):(\d+)", text)
    places += re.findall(r'"path":"([^"]+)"(?:,"[a-z_]+":"[^"]*")?,"line":(\d+)', text)
    lines = {path: (content / path).read_text("utf-8", "replace").count("\n") + 1 for path, _ in places
             if (content / path).is_file()}  # fmt: skip
    return bool(places) and all(0 < int(line) <= lines.get(path, 0) for path, line in places)


def main() -> None:
    """Ask, and print what was right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    options = parser.parse_args()
    asked = [(ROOT / "content", OWN)]
    if options.corpus.is_dir():
        corpus = options.corpus.resolve()
        asked.append((corpus, tuple(counted(facts(corpus)))))
    scores: dict[str, Counter[str]] = defaultdict(Counter)
    with tempfile.TemporaryDirectory() as folder:
        for number, (content, questions) in enumerate(asked):
            (Path(folder) / str(number)).mkdir()
            os.chdir(Path(folder) / str(number))
            output = Path("output")  # where commands look
            with redirect_stdout(io.StringIO()):
                kg.build(content, output, formats="ttl")
            desk = Desk(content, output, configure(content, None))
            served = answering.load(output)
            ways = {"command": by_command(content, output), "http": by_http(served), "agents": by_agent(desk)}
            for question in questions:
                for way, answer in ways.items():
                    text = answer(question)
                    bare = text.replace(" ", "")
                    right = all(wanted in text or wanted in bare for wanted in question.wanted)
                    proven, brief = is_proven(text, content), budget.tokens(text) <= LIMIT
                    scores[way].update(asked=1, right=right, proven=proven, brief=brief, all=right and proven and brief)
                    if not (right and proven and brief):
                        said = f"right {right}, proven {proven}, {budget.tokens(text):,} tokens"
                        print(f"{way}: {question.tool} {question.given}: {said}; wanted {question.wanted}", text[:200])
    os.chdir(ROOT)
    for way, score in scores.items():
        print(f"{way}: " + ", ".join(f"{score[name]} {name}" for name in ("asked", "right", "proven", "brief", "all")))
    sys.exit(any(score["all"] < 0.95 * score["asked"] for score in scores.values()))


if __name__ == "__main__":
    main()
