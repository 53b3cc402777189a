"""Measurements against named rivals, each in the same run on the same input: `python -m benchmarks --help`."""
