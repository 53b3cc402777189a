"""Links and notes: which post a link leads to, and which post is the note about a thing."""
