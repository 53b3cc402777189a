"""Glosses and definitions in bodies, found by regular expressions."""
