"""Where pieces are worked on: threads of this process, or the workers of a Dask cluster. The only user of Dask."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from geo.problems import Problem, ProblemCode, RejectedUpload, StoreError
from geo.wording import Text, text

Item = TypeVar("Item")
Result = TypeVar("Result")
Report = Callable[[int, int], None]

_ADDRESS = re.compile(r"((tcp|tls|ws|wss)://)?[^\s/]+:\d{1,5}/?\Z")
_CONNECT_TIMEOUT = "20s"
_WORKERS_TIMEOUT_S = 60
# A piece is tried again, on another worker if there is one, when its worker is lost or it fails.
_RETRIES = 3


class RunAll(Protocol):
    """Works on items in any order; `report` is called with how many are done and how many there are."""

    def __call__(self, function: Callable[[Item], Result], items: Sequence[Item], report: Report) -> list[Result]: ...


@contextmanager
def workers(scheduler: str | None) -> Iterator[RunAll]:
    """Give what works on items: the workers of the dask.distributed scheduler at an address, or threads for None.

    Raises StoreError if the cluster cannot be used, also later if an item ends one worker after another.
    """
    if scheduler is None:
        yield _by_threads
        return
    if not _ADDRESS.match(scheduler):
        problem = Problem(
            ProblemCode.SETTING, text("This is not an address."), text("Write it as tcp://HOST:8786."), value=scheduler
        )
        raise StoreError([problem])
    from distributed import Client

    try:
        client = Client(scheduler, timeout=_CONNECT_TIMEOUT, set_as_default=False)
    except OSError as error:
        raise StoreError([_unreachable(scheduler, text("The scheduler does not answer."))]) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_WORKERS_TIMEOUT_S)
        except TimeoutError as error:
            raise StoreError([_unreachable(scheduler, text("The scheduler has no workers."))]) from error
        yield _of_cluster(client)


def _by_threads(function: Callable[[Item], Result], items: Sequence[Item], report: Report) -> list[Result]:
    import dask
    from dask.callbacks import Callback

    n_done = 0

    def after(*_ignored: Any) -> None:
        nonlocal n_done
        n_done += 1
        report(min(n_done, len(items)), len(items))

    tasks = [dask.delayed(function, pure=False)(item) for item in items]
    with Callback(posttask=after):
        return list(dask.compute(*tasks, scheduler="threads", num_workers=os.cpu_count() or 1))


def _of_cluster(client: Any) -> RunAll:
    from distributed import KilledWorker, as_completed
    from distributed.client import FutureCancelledError
    from distributed.comm import CommClosedError

    def run_all(function: Callable[[Item], Result], items: Sequence[Item], report: Report) -> list[Result]:
        futures = client.map(function, list(items), pure=False, retries=_RETRIES)
        try:
            for n_done, _ in enumerate(as_completed(futures, loop=client.loop), start=1):
                report(n_done, len(items))
            return list(client.gather(futures))
        except (RejectedUpload, StoreError):
            raise
        except KilledWorker as error:
            message = text("A piece of the input ended several workers, one after another.")
            hint = text("They may lack memory: give them more, or make the pieces smaller with --chunk-mb.")
            raise StoreError([Problem(ProblemCode.MEMORY_LIMIT, message, hint)]) from error
        except (FutureCancelledError, CommClosedError) as error:
            message = text("The scheduler was lost while it was at work.")
            hint = text("Start it again, then repeat the command: what is done is not done again.")
            raise StoreError([Problem(ProblemCode.STORE, message, hint)]) from error
        except Exception as error:  # whatever a worker raises comes here; its environment may be any
            reason = str(error).strip().partition("\n")[0]
            message = text("A worker failed: {kind}: {reason}.", kind=type(error).__name__, reason=reason)
            hint = text(
                "Every machine needs the same version of this program and its requirements; its log tells more."
            )
            raise StoreError([Problem(ProblemCode.STORE, message, hint)]) from error

    return run_all


def _unreachable(scheduler: str, message: Text) -> Problem:
    hint = text("Start `dask scheduler` and at least one `dask worker`, see docs/operations.md.")
    return Problem(ProblemCode.SETTING, message, hint, value=scheduler)
