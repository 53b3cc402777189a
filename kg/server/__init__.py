"""`kg serve`: the page of a build and a read-only SPARQL endpoint, on this machine.

    guard ──▶ app ──▶ protocol ──▶ workers ══▶ worker (one process each, killed when it takes too long)
    site: rebuilds in a process of its own; events: tells open pages

The process that listens never parses a post or a query, so that no request can stop the others.
"""
