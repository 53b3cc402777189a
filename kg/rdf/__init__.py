"""The graph as RDF: statements, their text, and the words of our own."""
