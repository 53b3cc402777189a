"""Text of any language: keys of names, dates, languages and scripts, names of files, numbers in words, tables."""
