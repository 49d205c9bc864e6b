"""Procedures of identification (识别). Rows, not code: a new one needs no other change. Pure."""

from assessment.procedures.model import (
    AT_OFFICE,
    FOUR_GATES,
    Level,
    Majority,
    Mode,
    NoticeRule,
    PanelRule,
    PaperNeed,
    Procedure,
    Stage,
    Words,
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
    papers=(
        PaperNeed("application", "申请书", after="xd", source="A8-01"),
        PaperNeed("wish", "脱贫意愿书", after="xd", source="A8-01"),
    ),
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
            checks_exclusions=True, returns_to=("zp", "cy"), source="A8-02", borrowed=BORROWED,
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
    papers=(PaperNeed("application", "申请书", before="sq", source="A9-01"),),
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
            checks=FOUR_GATES, checks_exclusions=True, returns_to=("sq", "fy"), source="A9-04, A9-05",
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

HOME_VISIT = PanelRule("visit", "入户调查组", minimum=2, borrowed="借自防返贫程序：每组不少于 2 人（3.11）")
AT_HOME = Words("情况属实", "重新入户", "不列入")
TO_COUNTY = Words("同意备案", "退回复核", "不予备案")

QINGYANG = Procedure(
    code="qyx",
    name="庆阳程序（三对面 三签字 两评议 两公示 一公告）",
    source="B-19",
    papers=(
        PaperNeed("survey", "入户调查表", before="zy", source="B-19"),
        PaperNeed("income", "收入测算表", before="zy", source="B-19"),
    ),
    stages=(
        Stage(
            "zy", "村民小组评议", "备选名单", Level.GROUP, per_group=True, majority=Majority.OF_PRESENT,
            panel=PanelRule("group", "村民小组群众", minimum=3), source="B-19",
        ),
        Stage(
            "cd", "村民代表会评议", "拟选名单", Level.VILLAGE, panel=REPRESENTATIVES, majority=Majority.OF_PRESENT, separated=True,
            waits_for_whole_village=True, signatures=True, returns_to=("zy",), source="B-19",
        ),
        Stage("cg", "村委会公示", "拟选名单", Level.VILLAGE, Mode.NOTICE, notice=NoticeRule(where=Level.VILLAGE), source="B-19"),
        Stage(
            "xs", "乡镇审核", "初选名单", Level.TOWNSHIP, words=AT_OFFICE, separated=True, checks_exclusions=True,
            returns_to=("cd", "zy"), source="B-19",
        ),
        Stage("xg", "乡镇公示", "公示名单", Level.TOWNSHIP, Mode.NOTICE, notice=NoticeRule(where=Level.TOWNSHIP), source="B-19"),
        Stage(
            "xd", "县区审定", "公告名单", Level.COUNTY, words=AT_OFFICE, separated=True, needs_document=True, returns_to=("xs", "cd", "zy"),
            source="B-19", borrowed="原文只写公告，审定的一步借自黔西南程序",
        ),
        Stage(
            "gg", "县区公告", "公告名单", Level.COUNTY, Mode.NOTICE, notice=NoticeRule(where=Level.COUNTY, word="公告"), source="B-19",
            borrowed="原文没有天数，按 7 天",
        ),
    ),
)  # fmt: skip

FOUR_STEPS = Procedure(
    code="zhx",
    name="某镇程序（入户查 民主评 两公示 一公告）",
    source="E-03",
    stages=(
        Stage(
            "rh", "入户查", "入户名单", Level.VILLAGE, words=AT_HOME, panel=HOME_VISIT, visits=True, source="E-03",
        ),
        Stage(
            "mp", "民主评", "备选名单", Level.VILLAGE, panel=REPRESENTATIVES, majority=Majority.OF_PRESENT, separated=True,
            returns_to=("rh",), source="E-03",
        ),
        Stage("g1", "村公示", "拟选名单", Level.VILLAGE, Mode.NOTICE, notice=NoticeRule(where=Level.VILLAGE), source="E-03"),
        Stage(
            "sh", "镇审核", "初选名单", Level.TOWNSHIP, words=AT_OFFICE, separated=True, checks_exclusions=True, returns_to=("mp", "rh"),
            source="E-03", borrowed="原文只写两公示，审核的一步借自黔西南程序",
        ),
        Stage("g2", "镇公示", "公示名单", Level.TOWNSHIP, Mode.NOTICE, notice=NoticeRule(where=Level.TOWNSHIP), source="E-03"),
        Stage(
            "sd", "县审定", "公告名单", Level.COUNTY, words=AT_OFFICE, separated=True, needs_document=True, returns_to=("sh", "mp"),
            source="E-03", borrowed="原文只写公告，审定的一步借自黔西南程序",
        ),
        Stage(
            "gg", "县公告", "公告名单", Level.COUNTY, Mode.NOTICE, notice=NoticeRule(where=Level.COUNTY, word="公告"), source="E-03",
            borrowed="原文没有天数，按 7 天",
        ),
    ),
)  # fmt: skip

CHANGJI = Procedure(
    code="cjx",
    name="昌吉州排查程序",
    source="D6-02..08",
    stages=(
        Stage(
            "tl", "村民代表大会讨论", "低收入家庭名单", Level.VILLAGE, panel=REPRESENTATIVES, majority=Majority.OF_PRESENT, needs_survey=False,
            source="D6-06",
        ),
        Stage(
            "g1", "村公示", "入户调查对象", Level.VILLAGE, Mode.NOTICE, needs_survey=False, notice=NoticeRule(where=Level.VILLAGE), source="D6-06",
            borrowed="原文没有天数，按 7 天",
        ),
        Stage(
            "rh", "入户调查", "入户名单", Level.VILLAGE, words=AT_HOME, panel=HOME_VISIT, visits=True, separated=False, returns_to=("tl",),
            source="D6-06, D6-07",
        ),
        Stage(
            "xs", "乡镇审核", "初选名单", Level.TOWNSHIP, words=AT_OFFICE, separated=True, checks_exclusions=True, returns_to=("rh", "tl"),
            source="D6-02, D6-08",
        ),
        Stage(
            "xd", "县审核", "上报名单", Level.COUNTY, words=AT_OFFICE, separated=True, needs_document=True, returns_to=("xs", "rh"),
            source="D6-08",
        ),
        Stage(
            "zb", "州扶贫办备案", "备案名单", Level.COUNTY, words=TO_COUNTY, needs_document=True, returns_to=("xd",), on_behalf_of="州扶贫办",
            source="D6-03",
        ),
    ),
)  # fmt: skip
