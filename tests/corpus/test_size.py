"""Hostile sizes: at most 300 MB for everything that the import starts, and an end within 60 seconds of processor time, so that a busy machine
fails nobody (fault 41). Asked for with `-m long`; the last figures stand in docs/performance.md."""

import io
import random
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

resource = pytest.importorskip("resource")

from tests.assessment.roster_book import HEADERS  # noqa: E402
from tests.corpus.kinds import lines, plain  # noqa: E402
from tests.corpus.parts import LINKS, MAIN, OFFICE, SHEET, STRINGS, packed, row, wrapped  # noqa: E402
from tests.corpus.tables import text  # noqa: E402

READER = Path(__file__).with_name("reader.py")
MB, MOST_MB, MOST_SECONDS = 1024 * 1024, 300, 60
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory of a process is read from /proc")
pytestmark = [pytest.mark.long, pytest.mark.once, LINUX]


def with_strings(sheet: str, strings: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = plain(xml=sheet)
    made[LINKS] = made[LINKS].replace("</Relationships>", f'<Relationship Id="rId91" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>')
    return packed(made | {STRINGS: f'<sst xmlns="{MAIN}">{strings}</sst>'}, method)


def in_pieces(head: str, piece, count: int) -> bytes:
    """A sheet that is written in a stream, because the test may be as small as what it tests."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in plain().items():
            if name != SHEET:
                archive.writestr(name, data)
        with archive.open(SHEET, "w", force_zip64=False) as part:
            before, after = wrapped("<sheetData>@</sheetData>").split("@")
            part.write((before + head).encode())
            for number in range(2, count + 2):
                part.write(piece(number).encode())
            part.write(after.encode())
    return target.getvalue()


def header() -> str:
    return row(HEADERS, 1)


def faulty(number: int) -> str:
    return row([f"x{number}"] * 27, number)


GOOD = lines()[1]


def good(number: int) -> str:
    return row([f"{number}", *GOOD[1:]], number)


def texts(count: int) -> str:
    dice = random.Random(1)
    return "".join(f"<si><t>{dice.randrange(10**9)}</t></si>" for _ in range(count))


def long_text() -> bytes:
    """One text of 32,000 characters behind 100,000 cells."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 100_002))
    return with_strings(wrapped(f"<sheetData>{header()}{rows}</sheetData>"), f"<si><t>{'a' * 32_000}</t></si>")


HOSTILE = {
    "一百万行空格式": lambda: in_pieces(header(), lambda n: f'<row r="{n}"><c r="A{n}" s="1"/></row>', 1_000_000),
    "一百万行数据": lambda: in_pieces(header(), lambda n: row([n, "张三"], n), 1_000_000),
    "六万行每格都错": lambda: in_pieces(header(), faulty, 60_000),
    "三百五十万个小格": lambda: in_pieces(header(), lambda n: f'<row r="{n}">' + "<c><v>1</v></c>" * 50 + "</row>", 70_000),
    "两百万条共享文本": lambda: with_strings(wrapped(f"<sheetData>{header()}</sheetData>"), texts(2_000_000)),
    "一条长文本十万格": long_text,
    "一百万行 CSV": lambda: text(end="\n").encode() + b"1,2,3\n" * 1_000_000,
    "一行 29 MB 的 CSV": lambda: b"a" * (29 * MB),
    "压缩炸弹": lambda: packed(plain(more={"xl/media/a.bin": b" " * (250 * MB)})),
    "十万个部件": lambda: b"PK\x03\x04" + b"\0" * 99 + b"PK\x05\x06" + b"\0" * 4 + b"\xff\xff\xff\xff" + b"\0" * 10,
}


def tree(pid: int) -> int:
    """Resident memory of a process and its children in MB; pages that they share count for each."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * 4096
            waiting += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total // MB


def measured(path: Path) -> tuple[str, int, float]:
    begun, most = resource.getrusage(resource.RUSAGE_CHILDREN), 0
    worker = subprocess.Popen([sys.executable, str(READER), str(path)], stdout=subprocess.PIPE, text=True)
    while worker.poll() is None:
        most = max(most, tree(worker.pid))
        time.sleep(0.05)
    said = worker.stdout.read().strip()
    worker.stdout.close()
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime
    print(f"{path.name}: {said}, {most} MB, {seconds:.1f} s of processor")
    return said, most, seconds


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_little_memory_and_time(tmp_path, name):
    path = tmp_path / f"{name}.xlsx"
    path.write_bytes(HOSTILE[name]())
    said, most, seconds = measured(path)
    assert said and most <= MOST_MB and seconds <= MOST_SECONDS, (said, most, seconds)


def test_a_countys_roster_passes(tmp_path):
    """78,913 persons of 26 columns: what is lawful is not refused by what keeps the hostile out."""
    path = tmp_path / "county.xlsx"
    path.write_bytes(in_pieces(header(), good, 78_913))
    said, most, _ = measured(path)
    assert "|" in said and said.split()[0].isdigit(), said
