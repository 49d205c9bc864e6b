"""Procedures of identification (识别). Rows, not code: a new one needs no other change. Pure."""

from assessment.procedures.model import (
    AT_OFFICE,
    FOUR_GATES,
    Level,
    Majority,
    Mode,
    NoticeRule,
    PanelRule,
    Procedure,
    Stage,
)

BORROWED = "借自篇9（新疆某乡），黔西南原文没有规定"
INSPECTION = PanelRule("inspection", "清查组", exactly=5, borrowed=BORROWED)
REPRESENTATIVES = PanelRule(
    "village", "村民代表", minimum=3, quorum=(2, 3), borrowed="村民委员会组织法第二十五条：三分之二以上到会"
)

QXN = Procedure(
    code="qxn",
    name="黔西南州程序",
    source="A8-02",
    stages=(
        Stage(
            "zp", "组评", "备选名单", Level.GROUP, per_group=True, majority=Majority.OF_VOTES,
            panel=PanelRule("group", "评议小组", minimum=4, borrowed=BORROWED), source="A8-02",
        ),
        Stage(
            "cy", "村议", "拟选名单", Level.VILLAGE, panel=REPRESENTATIVES, majority=Majority.OF_PRESENT, separated=True,
            waits_for_whole_village=True, returns_to=("zp",), source="A8-02",
        ),
        Stage(
            "xh", "乡核", "初选名单", Level.TOWNSHIP, words=AT_OFFICE, panel=INSPECTION, checks=FOUR_GATES, separated=True,
            returns_to=("zp", "cy"), source="A8-02", borrowed=BORROWED,
        ),
        Stage(
            "xd", "县定", "公示名单", Level.COUNTY, words=AT_OFFICE, separated=True, needs_document=True,
            returns_to=("xh", "cy", "zp"), source="A8-02",
        ),
        Stage("gs", "公示", "公示名单", Level.TOWNSHIP, Mode.NOTICE, per_group=True, notice=NoticeRule(), source="A8-02, N4"),
    ),
)  # fmt: skip

XINJIANG = Procedure(
    code="xjx",
    name="新疆某乡程序",
    source="A9-01..08",
    stages=(
        Stage(
            "sq", "组内评议", "备选名单", Level.GROUP, per_group=True, majority=Majority.OF_VOTES, ranked=True,
            panel=PanelRule("group", "民主评议小组", minimum=4), source="A9-02",
        ),
        Stage(
            "fy", "村民代表复议", "拟选名单", Level.VILLAGE, panel=REPRESENTATIVES, majority=Majority.OF_PRESENT, separated=True,
            waits_for_whole_village=True, returns_to=("sq",), source="A9-04",
        ),
        Stage(
            "qc", "入户清查", "清查名单", Level.TOWNSHIP, words=AT_OFFICE, panel=PanelRule("inspection", "清查组", exactly=5),
            checks=FOUR_GATES, returns_to=("sq", "fy"), source="A9-04, A9-05",
        ),
        Stage(
            "yj", "村民代表大会议决", "初选名单", Level.VILLAGE, panel=REPRESENTATIVES, majority=Majority.OF_PRESENT,
            returns_to=("sq", "fy"), source="A9-06",
        ),
        Stage("g1", "第一次公示", "初选名单", Level.TOWNSHIP, Mode.NOTICE, per_group=True, notice=NoticeRule(), source="A9-06"),
        Stage(
            "sh", "乡审核", "公示名单", Level.TOWNSHIP, words=AT_OFFICE, separated=True, returns_to=("sq", "fy", "qc"), source="A9-06",
        ),
        Stage("g2", "第二次公示", "公示名单", Level.TOWNSHIP, Mode.NOTICE, per_group=True, notice=NoticeRule(), source="A9-07"),
        Stage(
            "ba", "备案建档", "建档名单", Level.COUNTY, words=AT_OFFICE, separated=True, needs_document=True, returns_to=("sh",),
            source="A9-07",
        ),
    ),
)  # fmt: skip
