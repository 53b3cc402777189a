"""Text in any language: keys of names, language tags, plurals, tables."""
