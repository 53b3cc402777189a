"""A build on a Dask cluster (https://docs.dask.org): posts, names and terms that no single machine would hold.

What decides is the local engine's own code: `kg.resolution`, `kg.glossary`, `kg.linking.links`, `kg.statements`. This package
brings together what those functions have to see at once, and Dask moves it. A stage is a Dask dataframe that is read
from Parquet, shuffled peer to peer (https://distributed.dask.org/en/stable/shuffling-algorithms.html), and handed to one
function a partition, which writes Parquet again. All places are fsspec URLs (`file://`, `s3://`, `gs://`).

    posts ─ names, glosses, terms, links
      names     ─ by bare text ─▶ forms ─ one task a kind ─▶ clues ─ with posts around them ─▶ pairs
                ─ components ─▶ entities ─ by post ─▶ edges
      terms     ─ components ─▶ families, concepts ─ by post, by IRI ─▶ edges, definitions
      links     ─ by name ─▶ the posts that may be meant ─ by post ─▶ edges

What is global, and where it is:

* **Forms of one kind** (text, count, words: about 1 kB each) are in one task, which looks for evidence with the local
  `find` of every module. Names grow more slowly than posts, and evidence needs no posts.
* **Pairs, and the posts around them**, are spread over all workers; of all other forms a pair needs to know no more than
  in how many posts they stand, 12 bytes each.
* **Connected components** of pairs, and of names of terms, are found by the alternating algorithm of Kiveris et al., see
  `components`. Whatever decides about a name or a term lies within its component, so that one worker can run the local
  functions on some components at once.
* The ledger, first names and settings are small, and known to every task.

A stage that is done twice writes the same files, so a worker that dies costs time and nothing else.
"""
