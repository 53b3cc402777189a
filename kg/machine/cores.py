"""How many processes pay, and whether they can be forked."""

import os
import sys
import threading


def cores(at_most: int | None = None) -> int:
    """The number of processor cores to use; 1 where no process may be started, as in a `multiprocessing.Pool`.

    Args:
        at_most: the user's limit, or None.
    """
    known = sys.modules.get("multiprocessing")  # which takes long to load, and whose processes have loaded it
    if known and known.current_process().daemon:
        return 1
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return found if at_most is None else min(found, at_most)


def may_fork() -> bool:
    """Whether forking is safe: on Linux, and while no other thread can hold a lock that the child would inherit."""
    return sys.platform == "linux" and threading.active_count() == 1
