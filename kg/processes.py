"""Sharing work out to processes, where it pays and is safe."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def may_fork() -> bool:
    """Whether a forked process can be trusted: on Linux, and before any thread holds a lock the child would inherit."""
    return sys.platform == "linux" and threading.active_count() == 1


def context() -> BaseContext:
    """Forking where it is safe, because the child need not import anything again; a fresh process elsewhere."""
    return multiprocessing.get_context("fork" if may_fork() else "spawn")
