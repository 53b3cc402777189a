"""Attacks by what a post holds, and by how a folder is made."""

from __future__ import annotations

from math import isqrt

from benchmarks.hostile import attack


def _fields(text: str, more: str = "") -> str:
    return f"---\ntitle: A\n{text}\n---\n{more}"


# --- Links, fields and tags of bodies ---


@attack(10_000)
def slashes(n: int) -> str:
    return f"[a](/a{'/' * n}z.md)"


@attack(10_000)
def anchors_on_a_line(n: int) -> str:
    return "[<a href>](z.md)" * n


# --- Front matter ---


@attack(25_000)
def yaml_keys_after_a_fault(n: int) -> str:
    return _fields("a: b: c\n" + "".join(f"k{i}: v\n" for i in range(n)))


@attack(10_000)
def yaml_keys_after_another_break(n: int) -> str:
    return _fields("a: 'x\u2028y'\n" + "".join(f"k{i}: v\n" for i in range(n)))


@attack(5_000)
def toml_tables_after_a_fault(n: int) -> str:
    return "+++\na = b c\n" + "".join(f"[t{i}]\nk = 1\n" for i in range(n)) + "+++\n"


# --- Folders ---


@attack(200_000)
def nested_folders(n: int) -> dict[str, str]:
    """One post in each; n is what all their paths have together."""
    return {"a/" * i + "p.md": f"# P{i}\n" for i in range(isqrt(n))}
