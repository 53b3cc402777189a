"""The knowledge graph: its model, how it is built, its chunks, and lookup by name."""
