"""The page against sigma.js."""
