"""A second process of the program, for work that needs nothing but what it is given: a large import has two cores.

The executors of the standard library serve many workers by threads of this process, and these would take turns with
the very work that is to be shared; one worker, with one piece of work at a time, needs none.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Thread
from traceback import format_exc
from typing import Any

from cli.garbage import rare_collections


class Gone(Exception):
    """The second process has ended."""


class Helper:
    """The second process: it does one piece of work at a time, and its answer is asked for before the next."""

    def __init__(self) -> None:
        self._context = get_context("spawn")  # forked, it would hold our connections to the register
        self._process: SpawnProcess | None = None

    def start(self) -> None:
        """Start it, if it has not been yet: who knows that there will be work for it need not wait for it then."""
        if self._process is None:
            (self._line, theirs), (alive, self._life) = self._context.Pipe(), self._context.Pipe(duplex=False)
            self._process = self._context.Process(target=_serve, args=(theirs, alive), daemon=True)
            self._process.start()
            theirs.close()
            alive.close()

    def begin(self, work: Callable[[Any], Any], given: Any) -> None:
        """Have a function of a module do its work on what is given; raises Gone where there is no helper any more."""
        try:
            self.start()
            self._line.send((work, given))
        except OSError:  # somebody ended it, or memory did; or no more processes are allowed
            raise Gone from None

    def done(self) -> bool:
        """Say whether the answer is there, or will never be."""
        return self._line.poll()

    def answer(self) -> Any:
        """Wait for what the work came to; raises Gone where there is no helper any more."""
        try:
            answer, fault = self._line.recv()
        except (EOFError, OSError):
            raise Gone from None
        if fault:
            raise RuntimeError(f"in the second process: {fault}")
        return answer

    def end(self) -> None:
        """End it, whatever it is at."""
        if self._process is not None:
            self._life.close()
            self._process.join()
            self._line.close()


@contextmanager
def helped() -> Iterator[Helper | None]:
    """Yield a helper, which ends with the block, or with this process, whatever it is at then.

    None where the machine has but one processor: there it would only take turns.
    """
    if (os.cpu_count() or 1) < 2:
        yield None
        return
    helper = Helper()
    try:
        yield helper
    finally:
        helper.end()


def _serve(line: Connection, alive: Connection) -> None:
    """Do what is asked for; leave interrupts to the first process, and end as soon as it has gone or wants no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(alive,), daemon=True).start()
    with rare_collections():
        while True:
            work, given = line.recv()
            try:
                line.send((work(given), ""))
            except Exception:  # noqa: BLE001 - whatever it is, the first process tells it
                line.send((None, format_exc()))


def _end_with(alive: Connection) -> None:
    try:
        alive.recv_bytes()
    except (EOFError, OSError):
        os._exit(0)  # it is amid some work that nobody waits for
