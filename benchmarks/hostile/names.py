"""Attacks by names, links between posts, and decisions."""

from __future__ import annotations
