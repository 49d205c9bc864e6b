"""The national roster of 26 columns (and 序号), with the spellings that offices use (brief 3.7). Pure."""

from core.sheets import Column, HeaderSpec

SHEET = "花名册"

ROSTER = HeaderSpec(
    (
        Column("number", ("序号",), required=False),
        Column("county", ("县(市、区、旗)", "县", "县(市、区)", "县区")),
        Column("township", ("乡(镇)", "乡镇", "乡(镇、街道)")),
        Column("village", ("行政村", "行政村名称", "村(社区)"), filled=True),
        Column("group", ("自然村", "村民小组", "自然村(组)", "组")),
        Column("household", ("户编号", "户号"), kind="code", filled=True),
        Column("person", ("人编号", "人口编号", "个人编号"), kind="code", filled=True),
        Column("name", ("姓名",), filled=True),
        Column(
            "identity", ("证件号码", "身份证号码", "身份证号", "公民身份号码"), kind="code", filled=True, secret=True
        ),
        Column("size", ("人数", "家庭人口数", "家庭人口"), kind="integer"),
        Column("relation", ("与户主关系",), filled=True),
        Column("ethnicity", ("民族",)),
        Column("education", ("文化程度",)),
        Column("schooling", ("在校生状况", "在校生情况")),
        Column("health", ("健康状况",)),
        Column("skill", ("劳动技能", "劳动能力")),
        Column("work_place", ("务工状况", "务工情况")),
        Column("work_months", ("务工时间（月）", "务工时间", "务工月数"), kind="integer"),
        Column("insured", ("参加大病医疗", "是否参加大病医疗", "参加大病保险", "是否参加大病保险")),
        Column("exit_status", ("脱贫属性",)),
        Column("attribute", ("贫困户属性",)),
        Column("cause", ("主要致贫原因", "致贫原因")),
        Column("dangerous", ("危房户", "是否危房户", "是否危房")),
        Column("water_safe", ("饮水安全", "是否饮水安全")),
        Column("water_difficult", ("饮水困难", "是否饮水困难")),
        Column("income", ("人均纯收入", "人均纯收入(元)"), kind="integer"),
        Column("phone", ("联系电话", "电话", "户联系电话", "手机号码"), secret=True),
    )
)
TITLES = {column.key: column.title for column in ROSTER.columns}
