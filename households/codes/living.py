"""Code lists of house, help and monitoring. Pure.

National labels where the brief prints them (3.6); codes in letters are ours.
"""

from households.codes.codelist import CodeList, numbered

STANDARD = CodeList("识别标准", {"national": "国家标准", "province": "省定标准", "city": "市定标准"}, {"国定标准": "national", "省级标准": "province"})

FUEL = CodeList(
    "主要燃料类型",
    {"wood": "柴草", "dung": "干畜粪", "coal": "煤炭", "clean": "清洁能源", "other": "其他"},
    {"电": "clean", "液化气": "clean", "天然气": "clean", "沼气": "clean", "煤": "coal", "柴": "wood"},
)

MEASURE = CodeList(
    "帮扶措施",
    numbered("易地搬迁 产业发展 生态建设 基础设施 教育医疗 社会保障 技能培训 信贷 电商 旅游 科技 龙头带动"),
)
"""A8-15: twelve measures."""

MONITOR_KIND = CodeList(
    "监测对象类别",
    {"unstable": "脱贫不稳定户", "marginal": "边缘易致贫户", "sudden": "突发严重困难户"},
    {"突发严重困难": "sudden"},
)

RISK = CodeList(
    "致贫返贫风险",
    {
        "ill": "因病", "disabled": "因残", "study": "因学", "disaster": "因自然灾害", "work": "务工就业不稳", "labour": "缺劳动力",
        "house": "因安全住房", "water": "因安全饮水", "other": "其他",
    },
)  # fmt: skip

REMOVAL = CodeList("风险消除方式", {"help": "帮扶消除", "natural": "自然消除"})

MONITOR_MEASURE = CodeList(
    "监测帮扶措施",
    numbered(
        "产业帮扶 就业帮扶 金融帮扶 公益岗位帮扶 住房安全保障 饮水安全保障 健康帮扶 义务教育保障 其他教育帮扶 综合保障 社会帮扶 搬迁 "
        "生产生活条件改善 基础设施建设"
    ),
    {"教育帮扶": "09", "(其他)教育帮扶": "09"},
)
"""Brief 3.6: fourteen columns."""

EXCLUSION = CodeList(
    "排除情形",
    numbered(
        "家庭有公职人员 全家外出打工半年以上 户籍不在本县 有轿车、客运车、货运车、工程车或大型农机 有电脑、空调、热水器等高档非生活必需品 "
        "有商品房 有实体产业 村干部家庭 存款在5000元以上 有法定赡养人且赡养人有赡养能力"
    ),
)
"""D6-02: ten conditions under which a household is in principle not listed."""
