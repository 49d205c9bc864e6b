"""`python -m fupin.bench.peak ROWS`: writes a roster of made-up rows and prints the kilobytes its process needed at most. Knows no Django,
so that nothing but the writer is in the figure."""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from core.sheets.writer import OutColumn, OutSheet, write_table

_KINDS = "integer text text text text code code text code integer text text text text text text text integer text text text text text text text integer code"
COLUMNS = tuple(OutColumn(f"列{n}", kind) for n, kind in enumerate(_KINDS.split(), start=1))
"""As many of each kind as the roster has."""


def made_up_rows(count: int) -> Iterator[list[object]]:
    """Rows as the roster has them: few words, and a code, a name and a number that are each line's own."""
    words = ["来凤县", "大河镇", "桐子园村", "1组"]
    tail = ["非在校生", "健康", "普通劳动力", "省外", 8, "是", "未脱贫", "一般贫困户", "因病", "否", "是", "否"]
    for n in range(count):
        name = f"张{chr(0x4E00 + n % 4000)}"
        yield [n, *words, f"{n:016d}", f"{n:018d}", name, f"522399{n:012d}", 3, "户主", "土家族", "初中", *tail, 2000 + n % 900, f"13{n:09d}"]


if __name__ == "__main__":
    with tempfile.TemporaryFile() as target:
        write_table(target, [OutSheet("花名册", COLUMNS, made_up_rows(int(sys.argv[1])))])
    # VmHWM begins anew with each program; the maximum of getrusage is inherited from whoever started it.
    sys.stdout.write(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
