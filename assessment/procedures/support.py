"""Procedures of low-income support and of monitoring against falling back (低收入认定, 防返贫监测). Rows, not code. Pure."""

from assessment.procedures.identify import AT_HOME, HOME_VISIT, REPRESENTATIVES
from assessment.procedures.model import (
    AT_OFFICE,
    MONITOR,
    MONITOR_FLOOR,
    Level,
    Majority,
    Mode,
    NoticeRule,
    PaperNeed,
    Procedure,
    Stage,
    Words,
)

AT_DOOR = Words("受理", "退回补正", "不予受理")
FINAL = Words("认定", "退回复核", "不予认定")
SHORT = NoticeRule(days=MONITOR_FLOOR, floor=MONITOR_FLOOR, where=Level.VILLAGE)

LOW_INCOME = Procedure(
    code="dsr",
    name="低收入人口认定程序",
    source="D4-05",
    kinds=("low_income",),
    papers=(PaperNeed("application", "申请及承诺书", before="sl", source="D4-05"),),
    stages=(
        Stage("sl", "受理", "受理名单", Level.VILLAGE, words=AT_DOOR, source="D4-05"),
        Stage(
            "sh", "审核", "审核名单", Level.TOWNSHIP, words=AT_OFFICE, separated=True, returns_to=("sl",), source="D4-05",
        ),
        Stage(
            "rd", "认定", "认定名单", Level.COUNTY, words=FINAL, separated=True, needs_document=True, returns_to=("sh", "sl"), source="D4-05",
        ),
    ),
)  # fmt: skip

AGAINST_FALLING_BACK = Procedure(
    code="ffp",
    name="防止返贫监测程序",
    source="3.11",
    kinds=(MONITOR,),
    limit_days=30,
    papers=(PaperNeed("application", "申请及承诺授权书", before="hs", source="3.11"),),
    stages=(
        Stage("hs", "入户核实", "核实名单", Level.VILLAGE, words=AT_HOME, panel=HOME_VISIT, visits=True, limit_days=3, source="3.11"),
        Stage(
            "bd", "信息比对", "比对名单", Level.COUNTY, words=AT_OFFICE, on_behalf_of="县级行业部门", limit_days=5, returns_to=("hs",), source="3.11",
        ),
        Stage(
            "py", "民主评议", "村级初选名单", Level.VILLAGE, panel=REPRESENTATIVES, majority=Majority.OF_PRESENT, separated=True, limit_days=5,
            returns_to=("hs",), source="3.11",
        ),
        Stage("gs", "村公示", "公示名单", Level.VILLAGE, Mode.NOTICE, notice=SHORT, source="3.11"),
        Stage(
            "xs", "乡级审核", "审核名单", Level.TOWNSHIP, words=AT_OFFICE, separated=True, limit_days=5, returns_to=("py", "hs"), source="3.11",
        ),
        Stage(
            "xp", "县级审批", "公告名单", Level.COUNTY, words=AT_OFFICE, separated=True, needs_document=True, limit_days=5,
            returns_to=("xs", "py"), source="3.11",
        ),
        Stage(
            "gg", "乡镇公告", "公告名单", Level.TOWNSHIP, Mode.NOTICE,
            notice=NoticeRule(days=MONITOR_FLOOR, floor=MONITOR_FLOOR, where=Level.TOWNSHIP, word="公告"), source="3.11",
            borrowed="永城：审批以后以乡镇名义公告；天数按 5 天",
        ),
    ),
)  # fmt: skip
