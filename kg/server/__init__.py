"""`kg serve`: the page of a build and a read-only SPARQL endpoint, on the local machine.

    guard ──▶ app ──▶ protocol ──▶ workers ══▶ worker (one process each, killed when a query runs too long)
    site: rebuilds in its own process; events: notifies open pages

The listening process parses neither posts nor queries, so no request can block the others.
"""
