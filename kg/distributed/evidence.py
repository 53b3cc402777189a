"""Per block and per pair: the evidence, as `kg.resolution.evidence` finds it among those who may be one."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby
from typing import TYPE_CHECKING

from kg.distributed.forms import home, light_row, some
from kg.distributed.records import (
    AskPostRow,
    AskRow,
    BlockRow,
    ClueRow,
    EdgeRow,
    FollowerRow,
    FormRow,
    GlossRow,
    KnownRow,
    ListsRow,
    MatchRow,
    Numbered,
    PairRow,
    SaidRow,
    SideRow,
    form_of,
)
from kg.resolution import STRONG
from kg.resolution.context import Context, Lists, common_posts, first_posts, lists_of
from kg.resolution.evidence import (
    Clue,
    affixes,
    brackets,
    glosses,
    initials,
    pinyin,
    spelling,
    surnames,
    transliteration,
)
from kg.resolution.evidence.glosses import GlossCounts, GlossView
from kg.resolution.names import MAX_PLACES, key_of
from kg.resolution.scoring import score

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.distributed.exchange import Job, Outbox
    from kg.resolution.forms import Form, Forms


def meet(job: Job) -> None:
    """Find the clues of each block, and what bodies say of pairs of forms."""
    first_names = frozenset(job.everything("given", str))
    rows = sorted(job.inbox("blocks", BlockRow), key=lambda row: (row.sort, row.key, row.form.id))
    with job.outboxes("clues", "matches", "said") as (clues, matches, said):
        for (sort, _key), block in groupby(rows, key=lambda row: (row.sort, row.key)):
            together = list(block)
            if len({row.form.id for row in together}) < 2:
                continue
            if sort in ("pinyin", "sound"):
                for match in _matches(sort, together):
                    matches.send(home(match.hub.id), match)
            else:
                _forms, by_id, ids = some(row.form for row in together)
                for clue in _clues(sort, together, by_id, first_names):
                    _send_clue(job, clues, clue, ids)
        own = list(map(light_row, job.kept("forms", FormRow))) if job.plan.config.resolution.infer else []
        _find_brackets(job, clues, own)
        _count_glosses(job, said, own)


def _clues(sort: str, block: Sequence[BlockRow], by_id: dict[str, Form], first_names: frozenset[str]) -> Iterator[Clue]:
    """The clues among all that share a key."""

    def playing(role: str) -> list[Form]:
        return [by_id[row.form.id] for row in block if row.role == role]

    if sort == "affixes":
        core = block[0].key
        kinds: dict[str, list[tuple[float, Form]]] = defaultdict(list)
        for row in block:
            kinds[row.form.kind].append((row.strength, by_id[row.form.id]))
        namesakes = sorted((f for f in by_id.values() if f.bare == core), key=lambda form: (-form.count, form.number))
        for members in kinds.values():
            if len(members) > 1 and any(form.bare != core for _strength, form in members):
                yield from affixes.of_core(core, members, namesakes)
    elif sort == "spelling":
        yield from spelling.of_block(playing(""), first_names, set())
    elif sort == "initials":
        if short := playing("short"):
            yield from initials.of_acronym(short[0], playing("long"))
    else:
        bearers = playing("long")
        for form in playing("short"):
            if form.bare not in first_names:
                yield from surnames.of_surname(form, bearers)


def _matches(sort: str, block: Sequence[BlockRow]) -> Iterator[MatchRow]:
    """Who met whom; a Latin name is judged by all that may be its Chinese one, and a Chinese one by all Latin ones."""
    latin = [row for row in block if row.role == "latin"]
    if sort == "sound" and not transliteration.is_comparable(latin):
        return
    for wide in (row for row in block if row.role == "wide"):
        if sort == "pinyin":
            yield from (MatchRow(sort, other.form, wide.form, int(wide.strength)) for other in latin)
        else:
            form = form_of(wide.form)
            others = [form_of(row.form) for row in latin]
            chains = transliteration.chains_of_latin([other.words for other in others])
            rows = {id(other): row.form for other, row in zip(others, latin, strict=True)}
            chain = transliteration.foreign_chain(form)
            for other, distance in transliteration.near(form, chain, zip(others, chains, strict=True)):
                yield MatchRow(sort, wide.form, rows[id(other)], distance)


def _send_clue(job: Job, box: Outbox, clue: Clue, ids: Sequence[str]) -> None:
    a, b = ids[clue.a], ids[clue.b]
    box.send(job.bucket(a + b), ClueRow(a, b, clue.kind, clue.strength, clue.times, clue.places))


def _find_brackets(job: Job, box: Outbox, own: Sequence[FormRow]) -> None:
    """Of the forms at home here, those that hold two names, and the forms of these names."""
    bearers = [row for row in own if brackets.names_in(form_of(row))]
    forms, by_id, ids = some([*bearers, *job.inbox("inner-names", FormRow)])
    for form in (by_id[row.id] for row in bearers):
        for clue in brackets.of_names(form, brackets.names_in(form), forms):
            _send_clue(job, box, clue, ids)


def _count_glosses(job: Job, box: Outbox, own: Sequence[FormRow]) -> None:
    """What glosses say of each pair, to both its forms; what Latin names gloss stays here, where they are at home."""
    kept = job.kept("glosses-kept", GlossRow) if job.plan.config.resolution.infer else []
    wanted = {row.bare for row in kept}
    rows = {row.id: row for row in (*job.inbox("inner-names", FormRow), *(row for row in own if row.bare in wanted))}
    forms, _by_id, ids = some(rows.values())
    found: dict[tuple[str, str], list[tuple[str, int, int]]] = defaultdict(list)
    for row in kept:
        found[row.outer, row.inner] += row.places
    pairs, outers = glosses.count(found, {row.inner: forms.named(row.bare) for row in kept}, forms.by_bare)
    job.keep("outers", [(bare, dict(counts)) for bare, counts in outers.items()])
    for (a, b), said in pairs.items():
        for one, two in ((a, b), (b, a)):
            one_row, two_row = rows[ids[one]], rows[ids[two]]
            to_one = SaidRow(one_row, two_row, said.whole, said.cut, dict(said.leads), said.places)
            box.send(home(one_row.id), to_one)


def judge_sides(job: Job) -> None:
    """Per form: the clues of all it met, and how it sees the glosses that name it."""
    first_names = frozenset(job.everything("given", str))
    with job.outboxes("more-clues", "sides", "followers") as (clues, sides, followers):
        met: dict[tuple[str, str], list[MatchRow]] = defaultdict(list)
        for match in job.inbox("matches", MatchRow):
            met[match.sort, match.hub.id].append(match)
        for (sort, hub), matches in met.items():
            _forms, by_id, ids = some([matches[0].hub, *(match.other for match in matches)])
            best: dict[str, int] = {}
            for match in matches:
                best[match.other.id] = max(match.value, best.get(match.other.id, match.value))
            found = [(by_id[other], value) for other, value in sorted(best.items())]
            if sort == "pinyin":
                judged = pinyin.of_latin(by_id[hub], [(form, bool(usual)) for form, usual in found])
            else:
                judged = transliteration.of_wide(by_id[hub], transliteration.foreign_chain(by_id[hub]), found)
            for clue in judged:
                _send_clue(job, clues, clue, ids)
        _send_sides(job, sides, followers, first_names)


def _send_sides(job: Job, box: Outbox, followers: Outbox, first_names: frozenset[str]) -> None:
    ends: Counter[tuple[str, str]] = Counter()
    for kind, text, count in job.inbox("ends", tuple[str, str, int]):
        ends[kind, text] += count
    outers = {bare: glosses.partner_weights(counts) for bare, counts in job.kept("outers", tuple[str, dict[str, int]])}
    hubs: dict[str, list[SaidRow]] = defaultdict(list)
    for row in job.inbox("said", SaidRow):
        hubs[row.form.id].append(row)
    for hub, rows in hubs.items():
        forms, by_id, ids = some([rows[0].form, *(row.other for row in rows)])
        form = by_id[hub]
        partners: dict[str, GlossCounts] = defaultdict(GlossCounts)
        for row in rows:
            said = partners[row.other.id]
            said.whole += row.whole
            said.cut += row.cut
            said.leads.update(row.leads)
            said.places = sorted({*said.places, *row.places})[:MAX_PLACES]
        weights = {by_id[other].number: said.weight for other, said in partners.items()}
        for number in glosses.best_partners(weights):
            followers.send(home(ids[number]), FollowerRow(ids[number], hub))
        weighed = glosses.partner_weights(weights)
        for other, said in partners.items():
            side = glosses.view_of(
                by_id[other],
                said.weight,
                weighed,
                outers.get(form.bare),
                forms,
                head=ends[form.kind, form.bare] > 1,
                given=form.bare in first_names,
            )
            a, b = sorted((hub, other))
            to_pair = SideRow(a, b, a == hub, *side, said.whole, said.cut, dict(said.leads), said.places)
            box.send(job.bucket(a + b), to_pair)


def join_abroad(job: Job) -> None:
    """Per form: the clues of all that bodies gloss by it more than by any other."""
    followers: dict[str, list[str]] = defaultdict(list)
    for row in job.inbox("followers", FollowerRow):
        followers[row.form].append(row.follower)
    with job.outboxes("abroad") as (box,):
        for found in followers.values():
            ids = sorted(found)
            for clue in glosses.shared_translation(range(len(ids))):
                _send_clue(job, box, clue, ids)


_CLUES = ("clues", "more-clues", "abroad")


def ask_forms(job: Job) -> None:
    """Per pair: ask for the names and the posts of its forms."""
    with job.outboxes("asked-forms") as (box,):
        ends = {end for pair in _seen(job) for end in pair}
        for form in sorted(ends):
            box.send(home(form), AskRow(form, job.part))


def _seen(job: Job) -> set[tuple[str, str]]:
    pairs = {(row.a, row.b) for name in _CLUES for row in job.inbox(name, ClueRow)}
    return pairs | {(row.a, row.b) for row in job.inbox("sides", SideRow)}


def tell_forms(job: Job) -> None:
    """Answer `ask_forms`."""
    forms = {row.id: row for row in job.kept("forms", FormRow)}
    with job.outboxes("told-forms") as (box,):
        for ask in job.inbox("asked-forms", AskRow):
            box.send(ask.part, forms[ask.what])


def ask_posts(job: Job) -> None:
    """Ask for what the posts list that tell whether the forms of a pair are one."""
    _forms, by_id, _ids = some(job.inbox("told-forms", FormRow))
    wanted: set[int] = set()
    for a, b in _seen(job):
        wanted.update(first_posts(by_id[a]), first_posts(by_id[b]), common_posts(by_id[a], by_id[b]))
    with job.outboxes("asked-posts") as (box,):
        for number in sorted(wanted):
            box.send(job.part_of(number), AskPostRow(number, job.part))


def tell_posts(job: Job) -> None:
    """Answer `ask_posts`."""
    known = {(row.kind, row.key): row for row in job.inbox("known", KnownRow)}
    posts = {one.number: one.post for one in job.kept("posts", Numbered)}
    lists: dict[int, ListsRow] = {}
    with job.outboxes("told-posts") as (box,):
        for ask in job.inbox("asked-posts", AskPostRow):
            if ask.number not in lists:
                named = [
                    (mention.field, row.form, row.kind, row.spread)
                    for mention in posts[ask.number].mentions
                    if (row := known.get(key_of(mention.kind, mention.name)))
                ]
                lists[ask.number] = ListsRow(ask.number, named)
            box.send(ask.part, lists[ask.number])


def judge_pairs(job: Job) -> None:
    """Weigh the clues of each pair, and send what is sure enough to be looked at on to its forms."""
    forms, by_id, ids = some(job.inbox("told-forms", FormRow))
    number_of = {one: form.number for one, form in by_id.items()}
    context = _context(job, number_of, forms)
    clues = [
        Clue(number_of[row.a], number_of[row.b], row.kind, row.strength, row.times, row.places)
        for name in _CLUES
        for row in job.inbox(name, ClueRow)
    ]
    clues += _gloss_clues(job, by_id)
    settings = job.plan.config.resolution
    pairs = score(clues, forms, context, at_least=settings.propose_above)
    least = min(STRONG, settings.accept_above)
    by_ledger = {tuple(pair) for pair in job.told("joined", tuple[str, str])}
    with job.outboxes("pairs", "edges") as (box, edges):
        for pair in pairs:
            a, b = ids[pair.a], ids[pair.b]
            if pair.confidence >= least or (a, b) in by_ledger:
                box.send(home(a), PairRow(a, b, pair.confidence, pair.evidence, pair.objection))
                edges.send(home(a), EdgeRow(a, b))
                edges.send(home(b), EdgeRow(b, a))


def _gloss_clues(job: Job, by_id: dict[str, Form]) -> Iterable[Clue]:
    sides: dict[tuple[str, str], dict[bool, SideRow]] = defaultdict(dict)
    for row in job.inbox("sides", SideRow):
        sides[row.a, row.b][row.of_first] = row
    for (a, b), both in sides.items():
        row = both[True]
        said = GlossCounts(row.whole, row.cut, Counter(row.leads), row.places)
        first, second = (GlossView(side.share, side.part, side.head, side.given) for side in (row, both[False]))
        yield glosses.of_pair(by_id[a], by_id[b], said, first, second)


def _context(job: Job, number_of: dict[str, int], forms: Forms) -> Context:
    """The context that the posts asked for give; companions are numbered after the forms of the pairs."""
    numbers = dict(number_of)
    kinds = [form.kind for form in forms.all]
    spreads = [len(form.posts) for form in forms.all]
    lists: dict[int, Lists] = {}
    for row in job.inbox("told-posts", ListsRow):
        named = []
        for field, form, kind, spread in row.named:
            if form not in numbers:
                numbers[form] = len(kinds)
                kinds.append(kind)
                spreads.append(spread)
            named.append((field, numbers[form]))
        lists[row.number] = lists_of(named)
    (total,) = job.told("posts-in-all", int)
    return Context(lists.__getitem__, spreads.__getitem__, kinds.__getitem__, total)
