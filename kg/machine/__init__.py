"""The operating system: files written whole, processes, the terminal, timed steps."""
