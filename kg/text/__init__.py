"""Text in any language: keys of names, dates, languages, scripts, file names, counts and tables."""
