"""Small made-up rosters as workbooks, and an import run inline."""

from pathlib import Path

from openpyxl import Workbook

from accounts.scopes import scope_of
from assessment.answers import decode
from assessment.importing.service import start_import
from assessment.importing.sheet import title
from assessment.rubric import load_default
from core import jobs
from households.importing.layout import ROSTER
from households.models import ImportRun
from tests.ground import made_up_id

HEADERS = [column.title for column in ROSTER.columns]
ANSWERS = "213222211332222222222"
RUBRIC = load_default()
VILLAGE = "422827102200"


def person(number: int, order: int, relation: str = "户主", *, village: str = VILLAGE, sex: str = "M", **cells) -> dict:
    """One roster row; `cells` overrides by header."""
    code = f"{village}{number:04d}"
    row = {
        "序号": number * 10 + order, "县(市、区、旗)": "来凤县", "乡(镇)": "大河镇", "行政村": "桐子园村村民委员会", "自然村": "1组",
        "户编号": code, "人编号": f"{code}{order:02d}", "姓名": f"张{number}{order}", "证件号码": made_up_id(number * 20 + order, sex=sex),
        "与户主关系": relation, "民族": "土家族", "文化程度": "小学", "在校生状况": "非在校生", "健康状况": "健康", "劳动技能": "普通劳动力",
        "参加大病医疗": "是", "脱贫属性": "未脱贫", "贫困户属性": "一般贫困户", "主要致贫原因": "缺技术", "危房户": "否", "饮水安全": "是",
        "饮水困难": "否", "人均纯收入": 2100,
    }  # fmt: skip
    return row | cells


def household(number: int, **cells) -> list[dict]:
    """A head and a wife."""
    head = person(number, 1, 人数=2, 联系电话="19000000001", **cells)
    return [head, person(number, 2, "配偶", sex="F", **{k: v for k, v in cells.items() if k in ("自然村", "行政村")})]


def survey(number: int, answers: str = ANSWERS, *, village: str = VILLAGE, **cells) -> dict:
    row = {"户编号": f"{village}{number:04d}", "调查日期": "2016-03-12", "调查员": "王凤"}
    for code, ordinal in decode(RUBRIC, answers).items():
        row[title(RUBRIC.by_code[code])] = RUBRIC.by_code[code].option(ordinal).label
    return row | cells


def survey_headers(rubric) -> list[str]:
    """The headers of the survey sheet."""
    return ["户编号", "调查日期", "调查员", *(title(item) for item in rubric.indicators)]


def book(path: Path, persons: list[dict], surveys: list[dict] | None = None, headers: list[str] | None = None) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "花名册"
    headers = headers or HEADERS
    sheet.append(headers)
    for row in persons:
        sheet.append([row.get(name) for name in headers])
    if surveys is not None:
        second = workbook.create_sheet("六看评估")
        names = survey_headers(RUBRIC)
        second.append(names)
        for row in surveys:
            second.append([row.get(name) for name in names])
    workbook.save(path)
    return path


def begin(user, path: Path, *, dry_run: bool = False, key: str = "") -> ImportRun:
    return start_import(
        scope=scope_of(user),
        user=user,
        round_code="2016-SB",
        path=path,
        file_name=path.name,
        dry_run=dry_run,
        key=key,
        nudge=False,
    )


def import_book(user, path: Path, *, dry_run: bool = False) -> ImportRun:
    """Start and run here; the run as it ended."""
    run = begin(user, path, dry_run=dry_run)
    jobs.run(str(run.job_id))
    return ImportRun.objects.select_related("job").get(pk=run.pk)
