"""Measuring: two ways of the same work, run in turn, so that a slow moment of the machine hits both."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

RUNS = 7


@dataclass(frozen=True, slots=True)
class Measured:
    """`ratio` = median of ours ÷ median of the limit; below 1 ours is faster. `goal` is what speed asks for, '' where it asks nothing."""

    name: str
    what: str
    ratio: float
    goal: str = ""

    def line(self) -> str:
        return f"{self.name:<14}{self.ratio:>8.2f}  {self.what}" + (f"  [{self.goal}]" if self.goal else "")


def ratio(ours: Callable[[], object], limit: Callable[[], object], runs: int = RUNS) -> float:
    """Median of `ours` over median of `limit`; one run of each comes first and does not count."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(runs + 1):
        for work, taken in zip((ours, limit), times, strict=True):
            gc.collect()
            begun = time.perf_counter()
            work()
            if number:
                taken.append(time.perf_counter() - begun)
    return median(times[0]) / median(times[1])


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds of one page, and how many times the limit that is: medians of interleaved runs. `cpu` = the process alone, which
    other programs of the machine cannot lengthen."""

    name: str
    what: str
    wall: float
    cpu: float
    ratio: float
    goal: str

    def line(self) -> str:
        return f"{self.name:<14}{self.wall:>6.0f} 毫秒（CPU {self.cpu:.0f}）  {self.ratio:>6.1f} 倍  {self.what}  [{self.goal}]"


def spent(name: str, what: str, ours: Callable[[], object], limit: Callable[[], object], goal: str) -> Spent:
    """`ours` and `limit` in turn; the first run of each does not count."""
    times: list[list[float]] = [[], [], []]
    for number in range(RUNS + 1):
        gc.collect()
        begun, busy = time.perf_counter(), time.process_time()
        ours()
        between, worked = time.perf_counter(), time.process_time()
        limit()
        last = time.process_time()
        if number:
            for taken, seconds in zip(times, (between - begun, worked - busy, last - worked), strict=True):
                taken.append(seconds * 1000)
    wall, cpu, plain = (median(taken) for taken in times)
    return Spent(name, what, wall, cpu, cpu / plain, goal)
