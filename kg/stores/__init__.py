"""SPARQL stores: the embedded one that answers queries here, and the clients of remote ones."""
