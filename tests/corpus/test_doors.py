"""A sample of the corpus through the doors themselves: the upload page and `import_roster`. Never a 500, never exit status 0, and no row is
written (trust 39 to 56)."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from core import jobs
from households.models import Household, ImportRun, StagedRow
from tests.corpus import archives, cells, sheets, tables
from tests.corpus.kinds import ACCEPTED, ERRORS, REFUSED, Kind
from tests.standing import cast, db, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module

pytestmark = pytest.mark.once

SAMPLE = (
    "一个字节", "加密的 .xlsx", "可执行文件", "网页另存的 .xls", "JSON", "截掉后一半", "谎报变大的大小", "谎报条目数", "zip64 谎报 5 GB", "重叠的条目",
    "压缩炸弹", "套在里面的压缩包", "六百个部件", "符号链接", "docx 改名", "xlsm", "DDE 链接", "缺 workbook.xml", "关系指到包外", "共享公式",
    "第 16384 列", "行倒着排", "合并单元格", "共享文本编号越界", "坏的 UTF-8", "同名的工作表", "只有表头", "两行表头", "CSV：中间有 NUL", "CSV：混用编码", "CSV：公式",
)  # fmt: skip
KINDS = {kind.name: kind for kind in (*archives.KINDS, *sheets.KINDS, *tables.KINDS)}
CELLS = Kind("各种单元格", "45", cells.workbook, ERRORS, "与第2行重复")
LINE = re.compile("[一-龥]")


@pytest.fixture
def township(client, standing, db):
    client.force_login(standing.cast.township, backend="accounts.backends.LoginBackend")
    return client


def written() -> tuple[int, int]:
    return Household.objects.count(), StagedRow.objects.count()


@pytest.mark.parametrize("kind", [*(KINDS[name] for name in SAMPLE), CELLS], ids=lambda kind: kind.name)
def test_a_broken_file_at_the_upload_page_is_answered_on_a_page(township, kind):
    file = io.BytesIO(kind.build())
    file.name = "名册.xlsx"
    answer = township.post("/imports/new/", {"round": "2016-SB", "key": "k", "file": file})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    run = ImportRun.objects.get()
    job = jobs.run(str(run.job_id))
    page = township.get(answer.url)
    words = page.content.decode()
    assert (job.state, page.status_code) == ("done", 200) and re.search(kind.says, words), job.error
    assert "请" in words and written() == (0, 0)
    run.refresh_from_db()
    assert run.state == "refused"


def test_an_empty_file_at_the_upload_page_is_told_in_the_form(township):
    file = io.BytesIO(b"")
    file.name = "名册.xlsx"
    answer = township.post("/imports/new/", {"round": "2016-SB", "key": "k", "file": file})
    assert answer.status_code == 400 and LINE.search(answer.content.decode()) and not ImportRun.objects.exists()


@pytest.mark.parametrize("kind", [*(KINDS[name] for name in (*SAMPLE[1::3], "空文件")), CELLS], ids=lambda kind: kind.name)
def test_a_broken_file_at_the_command_ends_with_a_status_and_lines_in_chinese(db, round_, tmp_path, kind):
    path = tmp_path / "名册.xlsx"
    path.write_bytes(kind.build())
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises((SystemExit, CommandError)) as end:
        call_command("import_roster", str(path), "--round", "2016-SB", "--as", "township", stdout=out, stderr=err)
    assert not isinstance(end.value, SystemExit) or end.value.code == 1
    said = err.getvalue() or str(end.value)
    assert all(LINE.search(line) for line in said.splitlines()) and re.search(kind.says, said), said[:300]
    assert "Traceback" not in said and written() == (0, 0)


def test_a_good_file_of_the_corpus_goes_in(db, round_, tmp_path):
    """The proof that the doors refuse for what is wrong and not for how the corpus builds its files."""
    assert KINDS["带前缀的命名空间"].verdict == ACCEPTED and KINDS["压缩炸弹"].verdict == REFUSED
    path = tmp_path / "名册.xlsx"
    path.write_bytes(KINDS["带前缀的命名空间"].build())
    call_command("import_roster", str(path), "--round", "2016-SB", "--as", "township", stdout=io.StringIO(), stderr=io.StringIO())
    assert Household.objects.get().persons == 2
