"""A build on a Dask cluster (https://docs.dask.org), for posts, names and terms that do not fit on one machine.

All decisions are made by the code of the local engine: `kg.resolution`, `kg.glossary`, `kg.linking`, `kg.rdf`. This
package brings together what those functions have to see at once, and Dask moves it. A stage is a Dask dataframe of
messages in Parquet, joined with where they go if that is the result of another stage, shuffled peer to peer
(https://distributed.dask.org/en/stable/shuffling-algorithms.html), and handed to one function per partition. All places
are fsspec URLs (`file://`, `s3://`, `gs://`). A task that is run twice writes the same files.

    posts ─ names ─ by bare text ─▶ forms ─ by kind ─▶ clues ─ with posts around them ─▶ pairs
          │                           └──────────── by component of pairs ──────────────▶ entities ─ by post ─▶ edges
          ├ definitions, glosses ──────── by component of names, with entities ─────────▶ concepts ─ by post ─▶ edges
          └ links ─────────────────────── by name, joined with posts ───────────────────▶ posts ──── by part ─▶ edges

What is global, and where it is: the forms of one kind, about 1 kB each, are in one task; names grow more slowly than
posts. One connected component of pairs, or of names of terms, is in one task: see `components`. The ledger, first names
and settings are small, and known to every task.
"""
