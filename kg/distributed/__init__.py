"""A build as tasks on a Dask cluster (https://distributed.dask.org): posts and names that no single machine would hold.

The steps are those of `kg.pipeline`, and so are the functions that decide. What differs is who meets whom: locally
every name lies in one table, here each record is sent to the part that its key belongs to, as in a join of a database.

    posts ─by name─▶ forms ─by block─▶ clues ─by pair─▶ pairs ─by component─▶ entities ─by post─▶ edges
          ─by term─▶ keys ─by family─▶ concepts ─────────────────────────────────▲
          ─by name─▶ index ──────────────────────────────────────────────────────▲ links

`exchange` says how records travel, `cluster` who does the work, `engine` in which order. Every other module holds the
tasks of one step. A task reads files, writes files, and returns a few numbers; its files depend on nothing but its
input, so it can be done again, by anyone, at any time.
"""
