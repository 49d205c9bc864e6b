"""Two or more persons at the same moment: real threads, each slowed down at random before every statement that locks or writes."""

import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from core.errors import DomainError

ATTEMPTS = int(os.environ.get("FUPIN_RACES", "1"))
"""How often each race is run; many more by hand: FUPIN_RACES=40."""
PATIENCE = 120
LONGEST_PAUSE = 0.006
SLOWED = ("SELECT", "INSERT", "UPDATE", "DELETE", "COMMIT")


def at_once(*calls: Callable[[], Any], seed: int = 0) -> list[Any]:
    """Each call in a thread of its own, begun together: its result or its DomainError. Anything else, a deadlock or a database that is
    locked, fails the test."""
    barrier = Barrier(len(calls))

    def run(number: int, call: Callable[[], Any]) -> Any:
        dice = random.Random(seed * 100 + number)

        def slowly(execute, sql, *rest):
            if connection.vendor != "sqlite" and ("FOR " in sql[-90:] or sql.startswith(SLOWED[1:])):
                time.sleep(dice.random() * LONGEST_PAUSE)
            return execute(sql, *rest)

        barrier.wait(PATIENCE)
        try:
            with connection.execute_wrapper(slowly):
                return call()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [task.result(PATIENCE) for task in [pool.submit(run, *pair) for pair in enumerate(calls)]]


def refusals(results: list[Any]) -> list[str]:
    return [result.code for result in results if isinstance(result, DomainError)]
