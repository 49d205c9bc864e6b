"""The code lists of the national poverty system, with the wordings that people and older exports use. Pure.

Codes with two digits are national (brief 3.4 - 3.6); letters and codes said to be own are ours. A label in a file is
matched after NFKC, by label, by listed synonym or by the code itself; anything else is not guessed (rulings 11).
"""

from households.codes.codelist import CodeList, numbered

RELATION = CodeList(
    "与户主关系",
    numbered(
        "户主 配偶 之子 之女 之儿媳 之女婿 之孙子 之孙女 之外孙子 之外孙女 "
        "之父 之母 之岳父 之岳母 之公公 之婆婆 之祖父 之祖母 之外祖父 之外祖母"
    )
    # Later text values without a number of their own in the sources: codes from 21 are ours.
    | numbered("之兄弟姐妹 之曾孙子 之曾孙女 之侄儿 之侄女 之兄弟媳妇 之叔伯", start=21)
    | {"99": "其他"},
    {
        "本人": "01", "妻子": "02", "丈夫": "02", "妻": "02", "夫": "02",
        "子": "03", "儿子": "03", "长子": "03", "次子": "03", "之长子": "03", "之次子": "03", "独生子": "03",
        "女": "04", "女儿": "04", "长女": "04", "次女": "04", "之长女": "04", "之次女": "04", "独生女": "04",
        "儿媳": "05", "女婿": "06", "孙子": "07", "孙女": "08", "外孙子": "09", "外孙": "09", "之外孙": "09",
        "外孙女": "10", "父亲": "11", "父": "11", "之父亲": "11", "母亲": "12", "母": "12", "之母亲": "12",
        "岳父": "13", "岳母": "14", "公公": "15", "婆婆": "16", "祖父": "17", "爷爷": "17", "祖母": "18", "奶奶": "18",
        "外祖父": "19", "外公": "19", "外祖母": "20", "外婆": "20",
        "兄弟姐妹": "21", "之兄": "21", "之弟": "21", "之姐": "21", "之妹": "21",
        "曾孙子": "22", "曾孙女": "23", "侄儿": "24", "侄子": "24", "之侄子": "24", "侄女": "25",
        "兄弟媳妇": "26", "叔伯": "27", "之其他": "99", "其他亲属": "99", "非亲属": "99",
    },
)  # fmt: skip

# Sex a relation implies (brief 3.5, first twenty; of the later ones only those whose word says so).
RELATION_SEX = dict.fromkeys("03 06 07 09 11 13 15 17 19 22 24 27".split(), "M") | dict.fromkeys(
    "04 05 08 10 12 14 16 18 20 23 25 26".split(), "F"
)

_PEOPLES = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 "
    "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 "
    "塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
ETHNICITY = CodeList(
    "民族",
    {code: f"{people}族" for code, people in numbered(_PEOPLES).items()} | {"97": "其他", "98": "外国血统"},
    {people: code for code, people in numbered(_PEOPLES).items()}
    | {"其他民族": "97", "穿青人": "97", "外国血统中国籍人士": "98", "外国血统人士": "98"},
)

EDUCATION = CodeList(
    "文化程度",
    numbered("文盲或半文盲 小学 初中 高中 大专及以上 学龄前儿童"),
    {
        "文盲": "01", "半文盲": "01", "文盲半文盲": "01", "文盲、半文盲": "01", "文盲/半文盲": "01",
        "小学毕业": "02", "初中毕业": "03", "高中毕业": "04", "中专": "04", "中职": "04", "高中(中专)": "04",
        "高中、中专": "04", "技校": "04", "大专": "05", "高职": "05", "高职高专": "05", "本科": "05",
        "本科及以上": "05", "大学": "05", "大学本科": "05", "大学专科": "05", "硕士研究生及以上": "05",
        "研究生": "05", "学龄前": "06",
    },
)  # fmt: skip

_YEARS = "一二三"
SCHOOLING = CodeList(
    "在校生状况",
    numbered("非在校生 学前教育 小学 七年级 八年级 九年级")
    | numbered(" ".join(f"普通高中{year}年级" for year in _YEARS), start=7)
    | numbered(" ".join(f"中职{year}年级" for year in _YEARS), start=10)
    | numbered(" ".join(f"高职{year}年级" for year in _YEARS), start=13)
    | {"16": "大专及以上"},
    {
        "学龄前儿童": "01", "非在校": "01", "不在校": "01", "幼儿园": "02", "学前": "02", "小学生": "03",
        "初一": "04", "初二": "05", "初三": "06", "初中一年级": "04", "初中二年级": "05", "初中三年级": "06",
        "高一": "07", "高二": "08", "高三": "09",
        "大专": "16", "本科": "16", "大学": "16", "硕士研究生及以上": "16", "研究生": "16",
    }
    | {f"高中{year}年级": f"{7 + n:02d}" for n, year in enumerate(_YEARS)}
    | {f"中等职业学校{year}年级": f"{10 + n:02d}" for n, year in enumerate(_YEARS)}
    | {f"高职高专{year}年级": f"{13 + n:02d}" for n, year in enumerate(_YEARS)}
    | {f"小学{year}年级": "03" for year in "一二三四五六"}
    | {f"{school}{year}年级": "16" for school in ("本科", "大专", "技师学院") for year in "一二三四五"},
)  # fmt: skip

HEALTH = CodeList(
    "健康状况",
    numbered("健康 长期慢性病 患有大病 残疾"),
    {"良好": "01", "慢性病": "02", "患长期慢性病": "02", "大病": "03", "患大病": "03", "残疾人": "04"},
)

SKILL = CodeList(
    "劳动技能",
    # 05 is ours: the later wording 弱劳动力或半劳动力 came without a number.
    numbered("普通劳动力 技能劳动力 丧失劳动力 无劳动力 弱劳动力或半劳动力"),
    {"普通劳力": "01", "技能劳力": "02", "丧失劳动能力": "03", "无劳动能力": "04", "无劳力": "04",
     "弱半劳动力": "05", "弱劳动力": "05", "半劳动力": "05"},
)  # fmt: skip

WORK_PLACE = CodeList(
    "务工状况",
    {"01": "县内", "02": "省内县外", "03": "省外", "99": "其他"},
    {"县内务工": "01", "乡(镇)内务工": "01", "乡镇内": "01", "县外省内": "02", "省内县外务工": "02",
     "县外省内务工": "02", "省外务工": "03", "国外": "99"},
)  # fmt: skip

ATTRIBUTE = CodeList(
    "贫困户属性",
    numbered("一般贫困户 低保户 五保户 低保贫困户 一般农户 五保贫困户"),
    {"特困供养贫困户": "06", "一般脱贫户": "01", "低保脱贫户": "04", "特困供养脱贫户": "06", "五保脱贫户": "06",
     "特困供养户": "03"},
)  # fmt: skip

CAUSE = CodeList(
    "主要致贫原因",
    numbered("因病 因残 因学 因灾 缺土地 缺水 缺技术 缺劳力 缺资金") | {"10": "交通条件落后", "11": "自身发展动力不足"}
    | {"12": "因婚", "13": "因丧", "99": "其他"},
    {"疾病": "01", "残疾": "02", "上学": "03", "因灾害": "04", "因自然灾害": "04", "缺劳动力": "08",
     "交通落后": "10", "自身发展力不足": "11", "发展动力不足": "11", "缺少劳力": "08", "缺少技术": "07",
     "缺少资金": "09"},
)  # fmt: skip

# Systems number these differently (2 is 已脱贫 in some, 4 is 返贫 in others): codes are ours, only words are read.
EXIT_STATUS = CodeList(
    "脱贫属性",
    {"0": "未脱贫", "1": "已脱贫", "3": "返贫", "4": "稳定脱贫", "5": "预脱贫"},
    {"脱贫": "1", "脱贫户": "1", "已稳定脱贫": "4", "返贫户": "3", "贫困户": "0"},
    accepts_codes=False,
)

ROAD = CodeList(
    "入户路类型",
    {"mud": "泥土路", "gravel": "砂石路", "cement": "水泥路", "asphalt": "沥青路"},
    {"土路": "mud", "沙石路": "gravel", "水泥硬化路": "cement", "硬化路": "cement", "柏油路": "asphalt"},
)

STRUCTURE = CodeList(
    "房屋主要结构",
    {
        "none": "无房",
        "thatch": "竹草土坯、土窑洞",
        "other": "其他（土木、石木等）",
        "brick_wood": "砖瓦砖木、砖石窑洞",
        "brick_concrete": "砖混材料或钢筋混凝土",
    },
    {"无住房": "none", "竹草土坯": "thatch", "土坯": "thatch", "土坯房": "thatch", "土窑洞": "thatch",
     "土木": "other", "石木": "other", "土木结构": "other", "石木结构": "other", "其他": "other",
     "砖木": "brick_wood", "砖瓦砖木": "brick_wood", "砖木结构": "brick_wood", "砖石窑洞": "brick_wood",
     "砖混": "brick_concrete", "砖混结构": "brick_concrete", "砖混材料": "brick_concrete",
     "钢筋混凝土": "brick_concrete", "钢混": "brick_concrete"},
)  # fmt: skip

DANGER = CodeList(
    "危房级别",
    {"A": "A级", "B": "B级", "C": "C级", "D": "D级"},
    {f"{grade}级危房": grade for grade in "CD"} | {f"{grade}级住房": grade for grade in "ABCD"},
)

VEHICLE = CodeList(
    "交通工具",
    {"none": "无", "bicycle": "自行车或电动自行车", "motorcycle": "摩托车或三轮车", "car": "轿车、客运车或货运车"},
    {"没有": "none", "自行车": "bicycle", "电动自行车": "bicycle", "电动车": "bicycle", "摩托车": "motorcycle",
     "三轮车": "motorcycle", "轿车": "car", "小轿车": "car", "客运车": "car", "货运车": "car", "货车": "car"},
)  # fmt: skip

MACHINES = CodeList(
    "生产机具",
    {"none": "无", "small1": "小型机具一件", "small2": "小型机具两件及以上", "large": "大中型农机或加工设备"},
    {
        "没有": "none",
        "小型机具1件": "small1",
        "小型机具2件及以上": "small2",
        "大中型农机": "large",
        "加工设备": "large",
    },
)

APPLIANCES = CodeList(
    "家用电器",
    {"tv": "电视", "fridge": "冰箱", "washer": "洗衣机", "computer": "电脑", "aircon": "空调", "heater": "热水器"},
    {"电视机": "tv", "彩电": "tv", "电冰箱": "fridge", "冰柜": "fridge", "计算机": "computer", "空调机": "aircon",
     "太阳能热水器": "heater"},
)  # fmt: skip

YES_NO = CodeList(
    "是否",
    {"1": "是", "0": "否"},
    {"Y": "1", "YES": "1", "√": "1", "✓": "1", "有": "1", "N": "0", "NO": "0", "×": "0", "无": "0", "没有": "0",
     "不是": "0"},
)  # fmt: skip


def yes_no(text: object) -> bool | None:
    """是 / 否 and their listed synonyms (trust 54) as True / False; None for blank or unknown."""
    code = YES_NO.code_of(text)
    return None if code is None else code == "1"

TIER = CodeList(
    "六看分类",
    {"DOUDI": "政策兜底户", "DIBAO": "低保贫困户", "YIBAN": "一般贫困户", "TUOPIN": "脱贫户"},
)
"""Names of the four classes for lists and filters; the cuts are the rubric's (brief A8-05)."""
