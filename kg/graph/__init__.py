"""The knowledge graph: what it is, how it is built, cut into chunks, and looked up in."""
