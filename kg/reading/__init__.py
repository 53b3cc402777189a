"""From a folder of Markdown files to `Post` records."""
