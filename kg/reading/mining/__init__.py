"""What bodies say about names and terms, found by pattern: glosses and definitions."""
