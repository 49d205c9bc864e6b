"""`import_roster` and `import_divisions`: exit status, summary, errors one a line."""

import io

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from households.models import Household
from tests.assessment.roster_book import book, household, survey
from villages.models import RegisteredPopulation, Township, Village, VillagerGroup

pytestmark = pytest.mark.django_db


def call(*args) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_roster", *map(str, args), stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_operator_imports_a_roster_and_reads_the_summary(cast, round_, tmp_path):
    path = book(tmp_path / "名册.xlsx", household(1) + household(2), [survey(1)])
    status, out, err = call(path, "--round", "2016-SB", "--as", "township")
    assert (status, err) == (0, "")
    assert "户：新增 2，修改 0，不变 0" in out
    assert "人：新增 4，修改 0，不变 0" in out
    assert "表：新增 1，修改 0，不变 0" in out
    assert "没有变化" in call(path, "--round", "2016-SB", "--as", "township")[1]


def test_the_operator_sees_each_error_on_a_line_and_a_status_that_is_not_0(cast, round_, tmp_path):
    rows = household(1) + household(2)
    rows[0]["民族"], rows[2]["危房户"] = "甲", "乙"
    path = book(tmp_path / "名册.xlsx", rows)
    status, out, err = call(path, "--round", "2016-SB", "--as", "township", "--errors", tmp_path / "错误.xlsx")
    assert status == 1
    assert [line[:24] for line in err.splitlines()] == [
        "工作表“花名册”第2行“民族”列 “甲”：不是“",
        "工作表“花名册”第4行“危房户”列 “乙”：只能",
    ]
    listed = list(load_workbook(tmp_path / "错误.xlsx").active.iter_rows(min_row=2, values_only=True))
    assert [row[:4] for row in listed] == [("花名册", 2, "民族", "甲"), ("花名册", 4, "危房户", "乙")]
    assert not Household.objects.exists()


def test_a_dry_run_by_command_writes_nothing(cast, round_, tmp_path):
    path = book(tmp_path / "名册.xlsx", household(1))
    status, out, _ = call(path, "--round", "2016-SB", "--as", "township", "--dry-run")
    assert (status, Household.objects.count()) == (0, 0)
    assert "户：新增 1" in out


@pytest.mark.parametrize(
    "change", [{"--as": "stranger"}, {"--as": "cadre"}, {"--round": "1999"}, {"path": "/nowhere.xlsx"}], ids=str
)
def test_a_wrong_argument_is_told_in_chinese(cast, round_, tmp_path, change):
    wanted = {"path": book(tmp_path / "r.xlsx", household(1)), "--round": "2016-SB", "--as": "township"} | change
    with pytest.raises(CommandError, match="[一-龥]"):
        call(wanted["path"], "--round", wanted["--round"], "--as", wanted["--as"])


def test_the_divisions_of_the_county_are_loaded_once(db):
    folder = settings.BASE_DIR / "villages" / "data"
    files = [str(folder / "groups-422827.csv"), str(folder / "divisions-422827.csv")]
    call_command("import_divisions", *files, stdout=io.StringIO())
    assert (Township.objects.count(), Village.objects.count()) == (8, 196)
    assert VillagerGroup.objects.count() == RegisteredPopulation.objects.count() == 1467
    out = io.StringIO()
    call_command("import_divisions", *files, stdout=out)
    assert "county 0，township 0，village 0" in out.getvalue()
    assert Village.objects.count() == 196


def test_a_broken_divisions_file_is_refused_whole(db, tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("level,code,name,parent\ncounty,422827,来凤县,4228\ntownship,42282,X,422827\n", "utf-8")
    with pytest.raises(CommandError, match="第3行"):
        call_command("import_divisions", str(path))
    assert not Township.objects.exists()
