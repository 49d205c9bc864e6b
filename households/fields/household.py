"""The household's own fields, by section: 户 · 房 · 水电路 · 地 · 资产 · 帮扶 · 监测 (brief 3.7, 53 columns; 人 and 收入支出 stand beside). Pure."""

from households import codes
from households.fields.model import Field as F
from households.fields.model import FieldClass, Fields, Kind, Section

MOST_MU = 1000

HOUSEHOLD = Fields((
    Section("home", "户", (
        F("phone", "联系电话", Kind.PHONE, sealed=True, seen_by=FieldClass.CONTACT, national="AAR012", help="11 位手机号，能找到这一户的人。"),
        F("attribute", "贫困户属性", Kind.CHOICE, codes.ATTRIBUTE, national="AAC006", help="民政在册的按民政名单填，不在册的填一般贫困户或一般农户。"),
        F("exit_status", "脱贫属性", Kind.CHOICE, codes.EXIT_STATUS, national="AAR010"),
        F("exit_year", "脱贫年度", Kind.YEAR, lowest=2010, highest=2100, help="已脱贫的填脱贫那一年。", national="AAC016"),
        F("standard", "识别标准", Kind.CHOICE, codes.STANDARD),
        F("cause", "主要致贫原因", Kind.CHOICE, codes.CAUSE, national="AAC007", help="只填最主要的一个。"),
        F("other_causes", "其他致贫原因", Kind.CHOICES, codes.CAUSE, longest=2, national="AAC008", help="最多两个，不与主要原因重复；没有就不选。"),
        F("bank_name", "开户银行", Kind.TEXT, longest=64, national="AAQ002"),
        F("bank_card", "银行卡号", Kind.CARD, sealed=True, seen_by=FieldClass.FINANCE, national="AAC004", help="补贴发放的一卡通，12 至 19 位数字。"),
    )),
    Section("house", "房", (
        F("structure", "房屋主要结构", Kind.CHOICE, codes.STRUCTURE),
        F("danger_level", "危房级别", Kind.CHOICE, codes.DANGER, national="AAC322", help="按鉴定表填，没有鉴定的不填；A、B 级不是危房。"),
        F("dangerous_house", "危房户", Kind.YES_NO, national="AAC318"),
        F("area_m2", "住房面积", Kind.DECIMAL, unit="㎡", lowest=0, highest=5000, national="AAC317", help="全家合计的住房建筑面积，不算圈舍和厨房偏房。"),
        F("toilet", "有卫生厕所", Kind.YES_NO, national="AAC319"),
    )),
    Section("utilities", "水电路", (
        F("water_safe", "饮水安全", Kind.YES_NO, national="AAC312"),
        F("water_difficult", "饮水困难", Kind.YES_NO, national="AAC311", help="取水往返超过 20 分钟或水量不够，算困难。"),
        F("tap_water", "自来水入户", Kind.YES_NO),
        F("electricity", "通生活用电", Kind.YES_NO, national="AAC313"),
        F("production_power", "通生产用电", Kind.YES_NO, national="AAC308"),
        F("broadcast", "通广播电视", Kind.YES_NO, national="AAC314"),
        F("road", "入户路类型", Kind.CHOICE, codes.ROAD, national="AAC316"),
        F("road_km", "与村主干路距离", Kind.DECIMAL, unit="公里", lowest=0, highest=200, national="AAC315"),
        F("fuel", "主要燃料类型", Kind.CHOICE, codes.FUEL, national="AAC320"),
    )),
    Section("land", "地", (
        F("cultivated_mu", "耕地面积", Kind.DECIMAL, unit="亩", lowest=0, highest=MOST_MU, national="AAC301"),
        F("irrigated_mu", "有效灌溉面积", Kind.DECIMAL, unit="亩", lowest=0, highest=MOST_MU, national="AAC302", help="耕地里能灌上水的，不大于耕地面积。"),
        F("forest_mu", "林地面积", Kind.DECIMAL, unit="亩", lowest=0, highest=MOST_MU, national="AAC303"),
        F("returned_mu", "退耕还林面积", Kind.DECIMAL, unit="亩", lowest=0, highest=MOST_MU, national="AAC304"),
        F("orchard_mu", "林果面积", Kind.DECIMAL, unit="亩", lowest=0, highest=MOST_MU, national="AAC305"),
        F("pasture_mu", "牧草地面积", Kind.DECIMAL, unit="亩", lowest=0, highest=MOST_MU, national="AAC306"),
        F("water_mu", "水面面积", Kind.DECIMAL, unit="亩", lowest=0, highest=MOST_MU, national="AAC307"),
        F("cooperative", "加入农民专业合作组织", Kind.YES_NO, national="AAC084"),
        F("leading_firm", "有龙头企业带动", Kind.YES_NO, national="AAC088"),
        F("leader_led", "有创业致富带头人带动", Kind.YES_NO, national="AAC089"),
    )),
    Section("assets", "资产", (
        F("appliances", "家用电器", Kind.CHOICES, codes.APPLIANCES, help="能用的才算；都没有就选“都没有”。"),
        F("vehicle", "交通工具", Kind.CHOICE, codes.VEHICLE),
        F("machines", "生产机具", Kind.CHOICE, codes.MACHINES),
        F("savings", "家庭存款", Kind.YUAN, unit="元", lowest=0, highest=99_999_999, sealed=True, seen_by=FieldClass.FINANCE, help="全家存款合计，由户里自己说，不代算。"),
        F("debt", "非生产性负债", Kind.YUAN, unit="元", lowest=0, highest=99_999_999, sealed=True, seen_by=FieldClass.FINANCE, help="看病、建房、婚丧等欠的债，不算生产贷款和教育负债。"),
        F("education_debt", "教育负债", Kind.YUAN, unit="元", lowest=0, highest=99_999_999, sealed=True, seen_by=FieldClass.FINANCE),
    )),
    Section("support", "帮扶", (
        F("needs", "脱贫需求", Kind.CHOICES, codes.MEASURE, help="户里自己提出的，可多选（A8-15）。"),
        F("plan", "帮扶计划", Kind.LONG, longest=400, help="写在门牌上，不写病情和号码。"),
        F("measures_taken", "脱贫措施", Kind.LONG, longest=400),
        F("income_project", "增收项目", Kind.TEXT, longest=200),
        F("funding", "资金扶持", Kind.TEXT, longest=200),
        F("helper_name", "帮扶责任人", Kind.TEXT, longest=64),
        F("helper_unit", "帮扶单位", Kind.TEXT, longest=64),
    ), "六项材料（B-24）：基础台账、帮扶计划、脱贫措施、增收项目、资金扶持、干部帮联。"),
    Section("monitor", "监测", (
        F("monitor_kind", "监测对象类别", Kind.CHOICE, codes.MONITOR_KIND, help="不是监测对象的整节不填。"),
        F("monitored_on", "纳入监测日期", Kind.DATE),
        F("risks", "致贫返贫风险", Kind.CHOICES, codes.RISK, longest=5, help="最多五个。"),
        F("risk_note", "其他风险说明", Kind.TEXT, longest=200, help="风险选了“其他”的必填；不写病情和号码。"),
        F("monitor_measures", "监测帮扶措施", Kind.CHOICES, codes.MONITOR_MEASURE),
        F("removal", "风险消除方式", Kind.CHOICE, codes.REMOVAL),
        F("removed_on", "风险消除日期", Kind.DATE),
    )),
))  # fmt: skip
"""`net_income_per_head` is not here: a year with an income sheet reckons it, and before that the roster or the 户 section brings it."""
