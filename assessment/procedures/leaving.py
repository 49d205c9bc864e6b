"""Procedures of exit (退出, 脱贫验收). Rows, not code. Pure."""

from assessment.procedures.identify import REPRESENTATIVES, TO_COUNTY
from assessment.procedures.model import AT_OFFICE, Level, Majority, Mode, NoticeRule, Procedure, Stage

YICHANG = Procedure(
    code="ycx",
    name="宜昌退出程序",
    source="B-05..08",
    kinds=("exit",),
    stages=(
        Stage(
            "cx", "村级初选", "脱贫初步名册", Level.VILLAGE, panel=REPRESENTATIVES, majority=Majority.OF_PRESENT, separated=True, source="B-05",
        ),
        Stage("cg", "村内公示", "脱贫初步名册", Level.VILLAGE, Mode.NOTICE, notice=NoticeRule(where=Level.VILLAGE), source="B-07"),
        Stage(
            "xh", "乡镇核查", "核查名册", Level.TOWNSHIP, words=AT_OFFICE, separated=True, returns_to=("cx",), source="B-06",
        ),
        Stage(
            "sh", "市级核查", "核查名册", Level.COUNTY, words=AT_OFFICE, separated=True, needs_document=True, returns_to=("xh", "cx"),
            source="B-06",
        ),
        Stage(
            "df", "第三方评估", "评估名册", Level.COUNTY, words=AT_OFFICE, needs_document=True, on_behalf_of="第三方调查机构",
            returns_to=("sh", "xh", "cx"), source="B-06",
        ),
        Stage(
            "ba", "领导小组备案", "备案名册", Level.COUNTY, words=TO_COUNTY, needs_document=True, on_behalf_of="市扶贫攻坚领导小组",
            returns_to=("df", "sh"), source="B-06",
        ),
        Stage(
            "gg", "媒体公告", "脱贫名册", Level.COUNTY, Mode.NOTICE, notice=NoticeRule(where=Level.COUNTY, word="公告"), source="B-07, B-08",
            borrowed="原文没有天数，按 7 天；期满销号",
        ),
    ),
)  # fmt: skip
