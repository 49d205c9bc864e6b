"""Code lists of persons: papers, work, insurance, joining and leaving. Pure.

Where the national layout names a column without printing its codes (brief 3.7), labels are the usual ones and codes are ours.
"""

from households.codes.codelist import CodeList, numbered

ID_KIND = CodeList("证件类型", {"01": "身份证", "09": "残疾证", "90": "尚无证件（新生儿、未登记户口）", "99": "其他证件"}, {"居民身份证": "01", "残疾人证": "09"})

POLITICAL = CodeList(
    "政治面貌",
    numbered("中共党员 中共预备党员 共青团员 民主党派成员 群众"),
    {"党员": "01", "预备党员": "02", "团员": "03", "无党派人士": "05"},
)

DISABILITY_KIND = CodeList(
    "残疾类别",
    {"1": "视力", "2": "听力", "3": "言语", "4": "肢体", "5": "智力", "6": "精神", "7": "多重"},
    {f"{name}残疾": code for code, name in {"1": "视力", "2": "听力", "3": "言语", "4": "肢体", "5": "智力", "6": "精神", "7": "多重"}.items()},
)
"""Brief 3.3: the 19th character of the disability number."""

DROPOUT_REASON = CodeList(
    "失学或辍学原因",
    {"ill": "因病因残", "poor": "家庭困难", "tired": "厌学", "work": "外出务工", "early": "早婚早育", "moved": "随家长外迁", "other": "其他"},
)

INDUSTRY = CodeList("产业分类", numbered("种植业 养殖业 林果业 加工业 旅游服务业 商贸流通 建筑业 制造业 其他"))

CHANNEL = CodeList(
    "就业渠道",
    {"self": "自主就业", "office": "政府组织", "firm": "企业吸纳", "shop": "扶贫车间", "post": "公益性岗位", "kin": "亲友介绍", "other": "其他"},
    {"帮扶车间": "shop", "就业扶贫车间": "shop"},
)

POST_KIND = CodeList(
    "公益性岗位类型",
    {"clean": "保洁员", "forest": "护林员", "road": "护路员", "water": "护水员", "care": "养老托幼", "other": "其他"},
    {"生态护林员": "forest", "公路养护员": "road", "水管员": "water"},
)

JOINING = CodeList(
    "入户原因",
    {
        "start": "建档登记", "birth": "出生", "married_in": "婚入", "moved_in": "迁入", "adopted_in": "收养", "from_study": "学成返回",
        "from_army": "退伍返回", "from_prison": "刑满释放返回", "missed": "补录漏登", "split": "分户转入", "merged": "并户转入",
        "transfer": "转户转入", "roster": "名册导入", "undone": "撤销导入", "other": "其他",
    },
)  # fmt: skip

LEAVING = CodeList(
    "离户原因",
    {
        "died": "死亡", "married": "婚嫁", "moved": "外迁", "adopted": "收养送养", "study": "升学迁出户口", "army": "参军", "prison": "服刑",
        "divorced": "离婚迁出", "split": "分户转出", "merged": "并户转出", "transfer": "转户转出", "roster": "名册未列", "undone": "撤销导入", "mistake": "误登更正",
        "other": "其他",
    },
)  # fmt: skip
"""Leaving for study, army or prison ends the membership; who comes back joins again with its own reason, and both stretches stay on file."""

BY_ACTION_ONLY = frozenset({"split", "merged", "transfer", "roster", "start", "undone"})
"""Reasons that only their own action writes; nobody picks them on a form."""
