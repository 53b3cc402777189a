"""The graph as RDF: statements, their text, and our own terms."""
