"""The page: the whole graph as one HTML file that explores itself, offline.

    KnowledgeGraph + Map ──pack──▶ Packed (two compressed blobs) ──assemble──▶ one HTML document

The scripts and styles are ordinary files in `assets/`; they are inlined as they are.
"""

from kg.views.page.assemble import assemble

__all__ = ["assemble"]
