"""A build on a Dask cluster (https://docs.dask.org), for posts, names and terms that do not fit on one machine.

All decisions are made by the code of the local engine: `kg.resolution`, `kg.glossary`, `kg.linking`, `kg.rdf`. This
package brings together what those functions have to see at once, and Dask moves it. A stage is a Dask dataframe that is
read from Parquet, shuffled peer to peer (https://distributed.dask.org/en/stable/shuffling-algorithms.html), and handed
to one function per partition, which writes Parquet again. All places are fsspec URLs (`file://`, `s3://`, `gs://`).

    posts ─ names, glosses, terms, links
      names ─ by bare text ─▶ forms ─ by kind ─▶ clues ─ with posts around them ─▶ pairs
            ─ by component ─▶ entities ─ by post ─▶ edges
      terms ─ by component ─▶ concepts ─ by post, by IRI ─▶ edges, definitions
      links ─ by name ─▶ the posts that may be meant ─ by post ─▶ edges

What is global, and where it is:

* **The forms of one kind**, about 1 kB each, are in one task, which looks for evidence with the local `find` of every
  module. Names grow more slowly than posts, and evidence needs no posts.
* **Pairs, and the posts around them**, are spread over all workers.
* **Connected components** of pairs, and of names of terms, are found by a published algorithm: see `components`.
  Everything that decides about a name or a term is in its component, so a task can run the local functions on a few of
  them.
* **The ledger, first names and settings** are small, and known to every task.

A task that is run twice writes the same files, so a worker that dies costs only time.
"""
