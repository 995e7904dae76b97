"""`python -m optafly.workers.child module:function args…`: one service in a process of its own.

The pipes that carry frames are moved aside before anything else is imported: whatever a library prints on fd 1 goes
to the log, and whatever reads fd 0 reads nothing. The process ends when its parent does.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Serve until the parent closes the pipe. Never returns to the caller."""
    requests, answers = _move_pipes_aside()
    os.environ.setdefault("GGML_NO_BACKTRACE", "1")  # llama.cpp's abort handler would print to fd 1
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # one request at a time: a thread pool only costs memory
    _end_with_parent()
    from optafly.workers.serving import serve  # only now: nothing may print before the pipes are safe

    serve(sys.argv[1], sys.argv[2:], requests, answers)


def _move_pipes_aside() -> tuple[int, int]:
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        for pipe in (requests, answers):
            msvcrt.setmode(pipe, os.O_BINARY)
    return requests, answers


def _end_with_parent() -> None:
    """Ask Linux to kill this process with its parent, even while native code holds the interpreter's lock.

    Elsewhere the end of the request pipe does it (`serving`), as soon as the lock is free.
    """
    if sys.platform != "linux":
        return
    import ctypes
    import signal

    parent_death_signal = 1  # PR_SET_PDEATHSIG in linux/prctl.h
    ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGKILL, 0, 0, 0)


if __name__ == "__main__":
    main()
