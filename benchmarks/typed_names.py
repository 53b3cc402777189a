"""Would names offered while typing have spared a folder its duplicate spellings? Replays the newest posts.

    python -m benchmarks.typed_names [CONTENT] [--newest 500]

`kg lsp` is given all posts but the newest. Every name of the newest posts that was new, and which all posts together
show to be another spelling of a name that was known by then, is typed letter by letter. It counts as spared where a
list of at most ten names has one of the known spellings before the name is complete, or where the complete name is
said to be near one.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import kg
from kg.lsp.known_names import KnownNames
from kg.resolution.forms import bare_all

LIST = 10
"""Names that a person looks at."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", nargs="?", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--newest", type=int, default=500)
    arguments = parser.parse_args()
    content = arguments.content.resolve()
    everything = kg.build(content)
    posts = sorted(everything.posts, key=lambda post: (post.date, post.path))
    older, newest = posts[: -arguments.newest], posts[-arguments.newest :]
    with TemporaryDirectory() as folder:
        for post in older:
            place = Path(folder, post.path)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(content / post.path, place)
        names = KnownNames(kg.build(folder, config=everything.config).knowledge_graph)
    mentions = [(post.path, mention) for post in older for mention in post.mentions]
    known = {everything.resolution.entity_of(m.kind, m.name, path).iri for path, m in mentions}
    keys = set(bare_all([mention.name for _path, mention in mentions]))
    listed = hinted = 0
    duplicates: set[tuple[str, str]] = set()
    for post in newest:
        for mention in post.mentions:
            entity = everything.resolution.entity_of(mention.kind, mention.name, post.path)
            new = bare_all([mention.name])[0] not in keys
            if not new or entity.iri not in known or (mention.kind, mention.name) in duplicates:
                continue
            duplicates.add((mention.kind, mention.name))
            own = {text.value for text in (*entity.labels, *entity.aliases)}
            if any(
                own & {text.value for text in (*offer.node.labels, *offer.node.aliases)}
                for end in range(1, len(mention.name))
                for offer in names.beginning(mention.name[:end], [mention.kind], limit=LIST)
            ):
                listed += 1
            elif names.near(mention.name, [mention.kind]):
                hinted += 1
    count = len(duplicates)
    print(f"{len(newest)} newest of {len(posts)} posts: {count} new spellings of things that had a name by then")
    neither = count - listed - hinted
    print(f"offered while they were typed: {listed}; said to be near a known name: {hinted}; neither: {neither}")


if __name__ == "__main__":
    main()
