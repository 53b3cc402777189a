"""Text of any language: keys of names, language tags, numbers in words, tables."""
