"""The knowledge graph: what it is, how it is built, cut into shares and looked at."""
