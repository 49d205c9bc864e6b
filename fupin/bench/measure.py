"""Measuring: two ways of the same work, run in turn, so that a slow moment of the machine hits both."""

import gc
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

RUNS = 7
_PROC = Path("/proc/self")


@dataclass(frozen=True, slots=True)
class Measured:
    """`ratio` = median of ours ÷ median of the limit; below 1 ours is faster. `goal` is what speed asks for, as `≤ 1.3` with words behind
    it, "" where it asks nothing. `unit` is empty for a ratio, `MB` for memory."""

    name: str
    what: str
    ratio: float
    goal: str = ""
    unit: str = ""

    @property
    def verdict(self) -> str:
        """达到, 未达到, or "" without a goal."""
        asked = re.match(r"([≤≥]) ([0-9.]+)", self.goal)
        if not asked:
            return ""
        met = self.ratio <= float(asked[2]) if asked[1] == "≤" else self.ratio >= float(asked[2])
        return "达到" if met else "未达到"

    @property
    def figure(self) -> str:
        return f"{self.ratio:.1f} {self.unit}" if self.unit else f"{self.ratio:.2f}"

    def line(self) -> str:
        return f"{self.name:<14}{self.figure:>9}  {self.what}" + (f"  [{self.goal}] {self.verdict}" if self.goal else "")

    def row(self) -> str:
        """A line of the table in docs/performance.md."""
        figure = f"**{self.figure}**" if self.verdict == "未达到" else self.figure
        return f"| `{self.name}` | {self.what} | {figure} | {self.goal or '–'} | {self.verdict or '–'} |"


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


def peak(work: Callable[[], object]) -> float | None:
    """MB by which the process grows at most while it works; None where the system does not say (only Linux does)."""
    gc.collect()
    try:
        (_PROC / "clear_refs").write_text("5")  # the high-water mark begins anew
        before = _status("VmRSS")
        work()
        return (_status("VmHWM") - before) / 1024
    except OSError:
        return None


def high_water(prepared: Callable[[Callable[[Callable[[], object]], None]], None]) -> float | None:
    """MB that a process of its own holds at most: `prepared` gets ready there and hands the work over. None where the system does not say."""
    if not _PROC.exists():
        return None
    back, to = os.pipe()
    child = os.fork()
    if not child:
        try:
            prepared(lambda work: os.write(to, str(_highest(work)).encode()))
        finally:
            os._exit(0)  # nothing of the parent's is to be closed twice
    os.close(to)
    with os.fdopen(back) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    if not told:
        raise RuntimeError("the process that was to be measured did not come to its end")
    return float(told)


def _highest(work: Callable[[], object]) -> float:
    gc.collect()
    (_PROC / "clear_refs").write_text("5")
    work()
    return _status("VmHWM") / 1024


def _status(name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", (_PROC / "status").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


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

    def row(self) -> str:
        return f"| `{self.name}` | {self.what} | {self.wall:.0f} 毫秒（CPU {self.cpu:.0f}），{self.ratio:.1f} 倍 | {self.goal} | – |"


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
