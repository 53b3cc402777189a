"""What mining definitions costs, and a sample of the glossary and of the proposals to be read by eye.

    python -m benchmarks.glossary CONTENT [--seed 1] [--sample 100] [--suggestions 50]

Read every entry of the sample against its post: term, other names, explanation. At least 95 of 100 must be right.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from time import process_time

from kg.config import Config
from kg.glossary import concepts
from kg.glossary.writing import entries
from kg.reading.bodies import body_of
from kg.reading.folder import read_posts
from kg.reading.mining.definitions import mine
from kg.resolution import resolve
from kg.suggest import suggest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--suggestions", type=int, default=50)
    options = parser.parse_args()
    config = Config()
    posts = read_posts(options.content, config).posts

    seconds = characters = 0.0
    for post in posts:
        body, first_line = body_of(options.content, post.path)
        begun = process_time()
        mine(body, first_line)
        seconds += process_time() - begun
        characters += len(body)
    found = sum(len(post.definitions) for post in posts)
    terms = len({definition.term for post in posts for definition in post.definitions})
    print(f"{len(posts):,} posts, {found:,} definitions, {terms:,} terms as typed")
    print(f"mining      {1000 * seconds / len(posts):8.3f} ms a post of {characters / len(posts):,.0f} characters")

    resolution = resolve(posts, config)
    begun = process_time()
    result = concepts(posts, resolution, config)
    print(f"concepts    {process_time() - begun:8.2f} s")
    print(
        f"in graph    {len(result.entities):,} concepts, {len(result.known):,} known entities, "
        f"{len(result.mentions):,} definers, {len(result.uses):,} users"
    )
    glossary = entries(concepts(posts, resolution, config, complete=True))
    print(f"glossary    {len(glossary):,} entries")
    begun = process_time()
    proposals = suggest(options.content, posts, resolution, config)
    proposed = len({one.path for one in proposals})
    print(f"suggest     {process_time() - begun:8.2f} s, {len(proposals):,} proposals for {proposed:,} posts")

    dice = random.Random(options.seed)
    print(f"\n{options.sample} entries, seed {options.seed}")
    for entry in dice.sample(glossary, min(options.sample, len(glossary))):
        path, definition = dice.choice(entry.entity.definitions)
        names = "; ".join(entry.names)
        print(f"{entry.entity.kind} | {entry.term} | {names} | {definition.text} | {path}:{definition.line}")
    print(f"\n{options.suggestions} proposals, seed {options.seed}")
    for one in dice.sample(proposals, min(options.suggestions, len(proposals))):
        print(f"{one.field} | {one.name} | {one.found} | {one.confidence:.2f} | {one.path}:{one.line} | {one.sentence}")


if __name__ == "__main__":
    main()
