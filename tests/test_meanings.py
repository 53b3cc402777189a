"""What names and terms mean is worked out anew only where it may be something else."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

import kg
from kg.config import Config
from kg.glossary import ConceptBuilder
from kg.glossary.basis import basis
from kg.glossary.families import DefinitionTable
from kg.glossary.matching import EntityMatcher, EntityNames
from kg.model import IRI, Definition, Entity, Mention, Post, Text
from kg.pipeline import build as pipeline
from kg.pipeline import meanings
from kg.pipeline.meanings import Meanings
from kg.reading.folder import read_posts
from kg.resolution import Resolution, finding, resolve
from kg.resolution.forms import bare_of
from kg.resolution.glossed import Glossed
from kg.resolution.ledger import Ledger
from kg.resolution.ledger_lines import Decision
from kg.resolution.saved import Found, Saved, shown_by
from kg.state import NAMES
from tests.conftest import write_posts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kg.glossary.drafting import Draft
    from kg.resolution.evidence import Clue

_encode = msgspec.msgpack.encode
_SAVED = msgspec.msgpack.Decoder(Saved).decode
POSTS = {
    "a.md": "---\ntitle: A\ntags: [maps]\ncompanies: [Nvidia]\n---\n英伟达（Nvidia）造芯片。\n",
    "b.md": "---\ntitle: B\ncompanies: [英伟达, nvidia]\n---\n英伟达（Nvidia）好。\n\n**资本支出**（CAPEX: 买设备）\n",
    "c.md": "---\ntitle: C\ntags: [maps]\n---\n**资本支出**（CAPEX: 买厂房）\n\n**算力**（Compute: 计算的能力）\n",
    "e.md": "---\ntitle: E\ncompanies: [N-Vidia]\n---\n**算力**（Compute: 算的力）\n",
    "d.md": "---\ntitle: D\ntags: [maps]\n---\n说到资本支出（CAPEX），再说资本支出（CAPEX）。\n",
}


class Folder:
    """Posts that are built again and again, and how often names, evidence or terms were worked out meanwhile."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.content = write_posts(path / "content", POSTS)
        self.output = path / "out"
        self.names = self.evidence = self.terms = 0
        monkeypatch.setattr(meanings, "resolve", self._resolve)
        clues_of = finding.clues_of
        monkeypatch.setattr(finding, "clues_of", lambda *args: self._clues(clues_of, *args))
        draft = ConceptBuilder.draft
        monkeypatch.setattr(ConceptBuilder, "draft", lambda builder: self._draft(draft, builder))

    def _resolve(self, posts: Sequence[Post], config: Config, ledger: Ledger, **saved: Any) -> Resolution:
        resolution = resolve(posts, config, ledger, **saved)
        self.names += resolution.save is not None
        return resolution

    def _clues(self, clues_of: Callable[..., list[Clue]], *args: object) -> list[Clue]:
        self.evidence += 1
        return clues_of(*args)

    def _draft(self, draft: Callable[[ConceptBuilder], Draft], builder: ConceptBuilder) -> Draft:
        self.terms += 1
        return draft(builder)

    @property
    def worked(self) -> int:
        """How often names were worked out, or terms."""
        return self.names + self.terms

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.content / name).read_text(encoding="utf-8")
        assert old in text
        (self.content / name).write_text(text.replace(old, new), encoding="utf-8")

    def build(self, *, may_stand: bool = False, **settings: object) -> bool:
        """Build, see that a first build would give the same, and tell whether names or terms were worked out."""
        config = Config(formats=("nq",)).with_changes(**settings)
        before = self.worked
        _report, result = pipeline.update(self.content, self.output, config=config)
        assert result is not None or may_stand
        if result is None:
            return False
        worked = self.worked - before
        own = self.names, self.evidence, self.terms
        fresh = kg.build(self.content, config=config)
        self.names, self.evidence, self.terms = own
        assert result.knowledge_graph == fresh.knowledge_graph
        assert result.resolution == fresh.resolution
        assert result.diagnostics == fresh.diagnostics
        return worked > 0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    folder = Folder(tmp_path, monkeypatch)
    assert folder.build()
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("a.md", "title: A", "title: 甲"),
        ("a.md", "tags:", "date: 2024-01-02\ntags:"),
        ("c.md", "tags:", "rating: 5\ntags:"),
        ("c.md", "---\n**", "---\nA paragraph.\n\n**"),
        ("d.md", "---\n说", "---\nA paragraph.\n\n说"),
        ("e.md", "---\n**", "---\nA paragraph.\n\n**"),
        ("e.md", "companies:", "rating: 5\ncompanies:"),
        ("b.md", "---\n英", "---\nA paragraph.\n\n英"),
    ],
)
def test_what_says_nothing_of_names_changes_no_meaning(folder: Folder, name: str, old: str, new: str) -> None:
    before = folder.evidence, folder.terms
    folder.edit(name, old, new)
    folder.build()
    folder.edit(name, new, old)
    folder.build()
    assert (folder.evidence, folder.terms) == before, "what is evidence may stand on other lines"


def test_names_that_change_places_are_worked_out_again(folder: Folder) -> None:
    folder.edit("a.md", "tags: [maps]\ncompanies: [Nvidia]", "companies: [Nvidia]\ntags: [maps]")
    assert folder.build()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("a.md", "Nvidia]", "NVIDIA]"),
        ("a.md", "[maps]", "[maps, charts]"),
        ("a.md", "tags:", "categories:"),
        ("a.md", "tags:", "lang: fr\ntags:"),
        ("b.md", "英伟达（Nvidia）", "英伟达（Nvidia）和英伟达（Nvidia）"),
        ("c.md", "厂房", "机器"),
        ("c.md", "Compute", "Computing"),
        ("d.md", "说到资本支出（CAPEX），", ""),
    ],
)
def test_whatever_says_something_of_names_is_heeded(folder: Folder, name: str, old: str, new: str) -> None:
    folder.edit(name, old, new)
    assert folder.build()


@pytest.mark.parametrize(
    ("name", "old", "new", "names", "terms"),
    [
        ("a.md", "[maps]", "[maps, charts]", 1, 0),
        ("e.md", "[N-Vidia]", "[Compute]", 1, 1),  # a company that goes by the name of a term …
        ("d.md", "[maps]", "[Capex]", 1, 1),  # … and a tag that does
        ("c.md", "厂房", "机器", 0, 1),
        ("d.md", "说到资本支出（CAPEX），", "", 1, 1),  # a gloss tells of both
    ],
)
def test_names_and_terms_are_worked_out_each_for_itself(
    folder: Folder, name: str, old: str, new: str, names: int, terms: int
) -> None:
    before = folder.names, folder.terms
    folder.edit(name, old, new)
    folder.build()
    assert (folder.names - before[0], folder.terms - before[1]) == (names, terms)


def test_a_draft_stands_with_the_names_that_it_was_made_with() -> None:
    """A tag that is the book of that name does not name the book for terms, now as then."""
    book = IRI("https://kg.example/work/harness")
    named = EntityNames(((book, "work", ("harness",)),), {kind: {"harness": book} for kind in ("work", "tag")}, {})
    post = Post(
        "g.md", "G", "", "", draft=False, dialect="yaml",
        mentions=(Mention("harness", "tag", IRI("urn:tag"), "tags", 2, 1),),
        definitions=(Definition("harness", ("线束",), "一束电线", 4, 1),),
    )  # fmt: skip
    table = DefinitionTable([("g.md", post.definitions[0])])
    matcher = EntityMatcher.of_posts([post], named, table, {"harness"})
    rests_on = basis(table.key_of, frozenset({"harness"}), named, matcher.named_by, {book: ["g.md"]})
    entity = Entity(book, "work", "harness", (Text("harness"),))
    resolution = Resolution((entity,), by_spelling={(kind, "harness"): entity for kind in ("work", "tag")})
    assert rests_on.stands([post], resolution)
    naming = msgspec.structs.replace(post, mentions=(msgspec.structs.replace(post.mentions[0], kind="work"),))
    assert not rests_on.stands([naming], resolution)


_EDITS = (
    ("[maps]", "[算力]"), ("[maps]", "[maps, Capex]"), ("[Nvidia]", "[Nvidia, 资本支出]"), ("Nvidia", "AMD"),
    ("[英伟达, nvidia]", "[英伟达]"), ("title:", "date: 2024-01-02\ntitle:"), ("说到", "说说"),
    ("Compute", "Compute Power"), ("[N-Vidia]", "[Compute, 算力]"), ("companies:", "people:"),
    ("资本支出", "资本开支"), ("\n---\n", "\n---\n\n话。\n\n"),
)  # fmt: skip
_DECISIONS = (
    "", 'not organization "Nvidia" = "英伟达"\n', 'same organization "AMD" = "英伟达"\n',
    'split organization "Nvidia" in "a.md" as "Compute"\n', 'rename organization "Nvidia" to "算力"\n',
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_any_edits_give_what_a_first_build_gives(folder: Folder, seed: int) -> None:
    """Names, terms, lines and decisions that change at random; `Folder.build` compares with a build of nothing."""
    chance = Random(seed)
    for number in range(8):
        name = chance.choice(sorted(POSTS))
        text = (folder.content / name).read_text(encoding="utf-8")
        old, new = chance.choice([edit for pair in _EDITS for edit in (pair, pair[::-1]) if edit[0] in text])
        folder.edit(name, old, f"{new}\n" if number % 5 == 4 else new)
        (folder.content / "kg-ledger.txt").write_text(chance.choice(_DECISIONS), encoding="utf-8")
        folder.build(may_stand=True)


@pytest.mark.parametrize("seed", range(3))
def test_what_no_edit_touches_stands(real_posts: Path, seed: int) -> None:
    """Names of real posts that come, go, move and are spelled otherwise, resolved with what was saved before or not.

    One of the runs is without decisions, one with some about the names of these posts, one with notes.
    """
    chance = Random(seed)
    posts = [post for post in read_posts(real_posts, Config()).posts if post.mentions][seed * 100 : seed * 100 + 100]
    later = [posts.pop(chance.randrange(len(posts))) for _ in range(6)]
    mentions = [mention for post in posts for mention in post.mentions]
    resolution = resolve(posts, Config())
    decisions = _some_decisions(resolution, chance) if seed == 1 else ()
    first = resolve(posts, Config(), Ledger(decisions))
    assert first.save
    saved = _encode(first.save(shown_by(posts, {})))
    for number in range(12):
        for _ in range(chance.choice((1, 1, 3))):
            at = chance.randrange(len(posts))
            posts[at] = _edited(posts[at], chance, mentions)
        if number in (4, 6, 9, 10):
            del posts[chance.randrange(len(posts))]
        if number in (3, 5, 6, 9, 11):
            posts = sorted([*posts, later.pop()], key=lambda post: post.path)
        notes = tuple(_note(chance.choices(mentions, k=2), post) for post in posts[:2]) if seed == 2 else ()
        ledger = Ledger(decisions, notes=notes)
        warm, cold = resolve(posts, Config(), ledger, last=_SAVED(saved)), resolve(posts, Config(), ledger)
        assert warm == cold
        if warm.save and cold.save:
            shown = shown_by(posts, {})
            saved = _encode(warm.save(shown))
            assert _comparable(saved) == _comparable(_encode(cold.save(shown)))


def test_a_new_name_is_looked_for_only_in_bodies_that_tell_of_it(real_posts: Path) -> None:
    posts = list(read_posts(real_posts, Config()).posts)[:120]
    first = resolve(posts, Config())
    assert first.save
    saved = _encode(first.save(shown_by(posts, {})))
    named = {form.bare for form in _SAVED(saved).forms}
    inner = min(gloss.inner for post in posts for gloss in post.glosses if bare_of(gloss.inner) not in named)
    at, telling = next((n, m) for n, post in enumerate(posts) for m in post.mentions if m.kind == "organization")
    old = posts[at]
    posts[at] = msgspec.structs.replace(old, mentions=(*old.mentions, msgspec.structs.replace(telling, name=inner)))
    asked: set[int] = set()

    class Asked(list[Post]):
        def __getitem__(self, number: Any) -> Any:
            asked.update(range(len(self))[number] if isinstance(number, slice) else [number])
            return super().__getitem__(number)

    shown = shown_by(posts, {})
    warm = resolve(Asked(posts), Config(), last=_SAVED(saved), shown=shown, before={old.path: old})
    cold = resolve(posts, Config())
    assert warm.entities == cold.entities
    assert warm.save
    assert cold.save
    assert _comparable(_encode(warm.save(shown))) == _comparable(_encode(cold.save(shown)))
    assert {n for n, post in enumerate(posts) if any(gloss.inner == inner for gloss in post.glosses)} <= asked
    assert len(asked) < len(posts) / 2


def _some_decisions(resolution: Resolution, chance: Random) -> tuple[Decision, ...]:
    """Some of each verb that joins names, keeps them apart or says what they are; of names that have to do together."""
    pairs = [pair for pair in resolution.candidates if pair.name != pair.other]
    chosen = chance.sample(pairs, min(len(pairs), 24))
    lines = [pair.decision_of("not" if number % 2 else "same") for number, pair in enumerate(chosen[:12])]
    for number, pair in enumerate(chosen[12:]):
        one, iri = (pair.name,), f"https://example.org/{number}"
        match number % 4:
            case 0:
                lines.append(Decision("rename", pair.kind, (pair.name, f"{pair.name} {number}")))
            case 1:
                lines.append(Decision("pin", pair.kind, one, iri))
            case 2:
                lines.append(Decision("sameas", pair.kind, one, iri))
            case _:
                lines.append(Decision("homepage", pair.kind, one, iri))
    other = chance.sample(sorted({name for _kind, name in resolution.by_spelling}), 6)
    return (*lines, Decision("same", "tag", tuple(other[:3])), Decision("not", "tag", tuple(other[3:])))


def _note(mentions: Sequence[Mention], post: Post) -> Decision:
    return Decision("same", mentions[0].kind, tuple(mention.name for mention in mentions), posts=(post.path,))


def _comparable(data: bytes) -> tuple[object, ...]:
    """What was saved, as far as its order tells something, without texts that are no more."""
    saved = _SAVED(data)
    found = msgspec.msgpack.decode(saved.found, type=Found)
    bares = {form.bare for form in saved.forms}
    groups = {
        name: (group.of_names, group.of_glosses, sorted(_glosses(group.glossed)))
        for name, group in found.groups.items()
    }
    rest = msgspec.structs.replace(saved, found=msgspec.Raw())
    return groups, sorted(found.across), found.proper & bares, _encode(rest)


def _glosses(glossed: msgspec.Raw) -> list[tuple[object, ...]]:
    rows = msgspec.msgpack.decode(glossed, type=list[Glossed])
    return [(row.outer, row.inner, row.bare, row.text, sorted(row.places)) for row in rows]


def _edited(post: Post, chance: Random, mentions: Sequence[Mention]) -> Post:
    change = msgspec.structs.replace
    own, glosses = list(post.mentions), post.glosses
    at, other = chance.randrange(len(own)), chance.choice(mentions)
    name = own[at].name
    match chance.choice(("add", "new", "drop", "line", "spelling", "kind", "gloss", "glossed")):
        case "add":
            own.insert(at, change(other, line=chance.randrange(40)))
        case "new":
            own.append(change(other, name=f"Named {chance.randrange(10**6)}"))
        case "drop" if len(own) > 1:
            del own[at]
        case "line":
            own = [change(mention, line=mention.line + 1) for mention in own]
        case "spelling":
            spellings = (name.upper(), name + "s", name[:-1] or name, name + " Inc", name.split(" ")[-1])
            own[at] = change(own[at], name=chance.choice(spellings))
        case "kind":
            own[at] = change(other, name=name)
        case "glossed" if glosses:
            gloss = chance.choice(glosses)
            own[at] = change(own[at], name=chance.choice((gloss.inner, gloss.outer, gloss.outer[-3:].strip() or name)))
        case "gloss":
            glosses = glosses[1:] if chance.random() < 0.5 else tuple(change(g, line=g.line + 2) for g in glosses)
    return change(post, mentions=tuple(own), glosses=glosses)


def test_posts_that_come_go_and_move_are_heeded(folder: Folder) -> None:
    (folder.content / "f.md").write_text("# F\n")
    assert folder.build()
    (folder.content / "f.md").rename(folder.content / "g.md")
    assert folder.build()
    (folder.content / "g.md").unlink()
    assert folder.build()
    (folder.content / "b.md").rename(folder.content / "bb.md")  # whose gloss is evidence, and which stays in its place
    assert folder.build()


def test_posts_that_say_nothing_of_terms_leave_them_alone(folder: Folder) -> None:
    terms = folder.terms
    (folder.content / "a0.md").write_text("---\ntags: [maps, charts]\n---\n")
    assert folder.build()
    (folder.content / "a0.md").rename(folder.content / "f.md")
    assert folder.build()
    (folder.content / "f.md").unlink()
    assert folder.build()
    assert folder.terms == terms
    (folder.content / "b.md").rename(folder.content / "bb.md")
    assert folder.build()
    assert folder.terms == terms + 1


def test_settings_and_decisions_are_heeded_and_formats_are_not(folder: Folder) -> None:
    assert not folder.build(formats=("nt",))
    assert folder.build(base="https://me.example/")
    assert folder.build()
    ledger = folder.content / "kg-ledger.txt"
    ledger.write_text('not organization "Nvidia" = "英伟达"\n', encoding="utf-8")
    assert folder.build()
    ledger.write_text('split organization "Nvidia" in "a.md" as "Nvidia Film"\n', encoding="utf-8")
    assert folder.build()
    folder.edit("c.md", "title: C", "title: 丙")
    assert not folder.build()
    ledger.unlink()
    assert folder.build()


def test_what_was_kept_and_damaged_is_not_believed(folder: Folder) -> None:
    path = folder.output / ".kg" / NAMES
    data = path.read_bytes()
    for number, broken in enumerate((data[:-1], b"", data[:40] + bytes([data[40] ^ 1]) + data[41:])):
        path.write_bytes(broken)
        folder.edit("c.md", f"title: C{'c' * number}\n", f"title: C{'c' * (number + 1)}\n")
        assert folder.build()


def test_other_commands_use_what_a_build_has_kept_and_write_nothing(folder: Folder) -> None:
    before = {path: path.read_bytes() for path in (folder.output / ".kg").iterdir()}
    worked = folder.worked
    assert len(kg.build(folder.content, config=Config(formats=("nq",)), reuse=folder.output).posts) == len(POSTS)
    assert folder.worked == worked
    assert {path: path.read_bytes() for path in (folder.output / ".kg").iterdir()} == before


def test_nothing_else_of_a_post_tells_what_names_mean(repo: Path) -> None:
    posts = read_posts(repo / "content", Config()).posts
    others = [_otherwise_different(post) for post in posts]
    one, two = (Meanings(these, Config(), Ledger()) for these in (posts, others))
    first, second = one.resolution(), two.resolution()
    one.concepts(), two.concepts()
    assert one.keys == two.keys
    assert [(e.iri, e.label, e.labels, e.aliases) for e in first.entities] == [
        (e.iri, e.label, e.labels, e.aliases) for e in second.entities
    ]
    drafts = []
    for these, resolution in ((posts, first), (others, second)):
        work = ConceptBuilder(these, Config(), complete=True, jobs=1)
        work.set_resolution(resolution)
        drafts.append(work.draft())
    assert drafts[0] == drafts[1]
    assert drafts[0].known, "there are terms to be compared"
    assert drafts[0].others


def _otherwise_different(post: Post) -> Post:
    """A post that says the same names and terms, and nothing else that is the same."""
    change = msgspec.structs.replace
    return change(
        post,
        title=post.title[::-1],
        date="1999-01-01",
        dialect="other",
        attributes=(),
        aliases=("other",),
        links=(),
        diagnostics=(),
        mentions=tuple(change(m, predicate="urn:other", line=m.line + 7, column=3) for m in post.mentions),
        glosses=tuple(change(g, line=g.line + 7) for g in post.glosses),
        definitions=tuple(change(d, line=d.line + 7, column=d.column) for d in post.definitions),
    )
