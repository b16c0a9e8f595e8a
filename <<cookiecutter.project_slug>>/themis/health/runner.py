"""Run the checks in a separate thread, and share their results among callers.

However many probes arrive, only one run is active and only one caller waits for it, so
a hanging database blocks one thread, not all. A run is *idle* when all of its checks
are done, *running* before that, and *late* when it still runs after DEADLINE. Its
results are *fresh* until MAX_AGE after its start, then *stale*.

| run     | results           | what a caller gets                                   |
|---------|-------------------|------------------------------------------------------|
| idle    | fresh             | these results, at once                               |
| idle    | stale             | a new run's, after waiting for it, at most DEADLINE  |
| none    | none              | the same                                             |
| running | of the run before | those, at once                                       |
| running | none before       | this run's, after waiting for the rest of DEADLINE   |
| late    | any               | this run's, at once                                  |

A check that is not done when its caller stops waiting counts as failed. No new run
starts until the checks of a late one end.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

from django.utils.module_loading import import_string

from themis.health.checks import DEADLINE, HealthCheckError
from themis.http.outages import OutageError

logger = logging.getLogger(__name__)

MAX_AGE = 1.0  # seconds for which results are fresh

Results = Mapping[str, Future[float]]


class CheckRunner:
    """Run the checks that `paths()` names, by name and dotted path."""

    def __init__(self, paths: Callable[[], Mapping[str, str]]) -> None:
        self.paths = paths
        self._lock = threading.Lock()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._current: Results = {}
        self._previous: Results = {}
        self._started = float("-inf")

    def results(self) -> Results:
        """Return a future for each check by name: see `problem_of()`.

        The result of a future is the duration of the check in milliseconds.
        """
        with self._lock:
            is_idle = all(future.done() for future in self._current.values())
            age = time.monotonic() - self._started
            if is_idle and age < MAX_AGE:
                return self._current
            if is_idle:
                self._previous, self._started, age = self._current, time.monotonic(), 0
                self._current = {
                    name: self._executor.submit(_milliseconds, path)
                    for name, path in self.paths().items()
                }
            elif self._previous and age < DEADLINE:
                return self._previous
            current = self._current
        wait(current.values(), timeout=max(DEADLINE - age, 0))
        return current


def problem_of(check: Future[float]) -> str:
    """Return why the check failed, or an empty string. Log unexpected exceptions."""
    if not check.done():
        return f"No answer within {DEADLINE:g} seconds."
    error = check.exception()
    if error is None:
        return ""
    if isinstance(error, HealthCheckError | OutageError):
        return str(error)
    logger.warning("A health check failed.", exc_info=error)
    return type(error).__name__


def _milliseconds(path: str) -> float:
    started = time.perf_counter()
    import_string(path)()
    return (time.perf_counter() - started) * 1000
