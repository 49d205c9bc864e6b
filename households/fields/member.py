"""A member's fields, by section (brief 3.7, 47 columns). Name, number, relation, birth, sex and people are the person's own form. Pure."""

from households import codes
from households.fields.model import Field as F
from households.fields.model import FieldClass, Fields, Kind, Section

HEALTH = FieldClass.HEALTH

MEMBER = Fields((
    Section("schooling", "上学", (
        F("education", "文化程度", Kind.CHOICE, codes.EDUCATION, national="AAB008", help="不在校的填；在校的不填，填在校生状况。"),
        F("schooling", "在校生状况", Kind.CHOICE, codes.SCHOOLING, national="AAB009"),
        F("dropout_reason", "失学或辍学原因", Kind.CHOICE, codes.DROPOUT_REASON, help="6 至 15 岁不在校的必填。"),
        F("mandarin", "会讲普通话", Kind.YES_NO, national="AAB065"),
        F("political", "政治面貌", Kind.CHOICE, codes.POLITICAL, national="AAK033"),
    )),
    Section("health", "健康", (
        F("health", "健康状况", Kind.CHOICES, codes.HEALTH, seen_by=HEALTH, national="AAB017", help="可多选；选了健康就不选其他。"),
        F("disability_kind", "残疾类别", Kind.CHOICE, codes.DISABILITY_KIND, seen_by=HEALTH),
        F("disability_grade", "残疾等级", Kind.NUMBER, unit="级", lowest=1, highest=4, seen_by=HEALTH),
        F("disability_number", "残疾证号", Kind.CARD, sealed=True, seen_by=FieldClass.IDENTITY, help="20 位：身份证号 + 类别 + 等级；补证的末尾有 B1、B2。"),
        F("disability_year", "残疾证办证年度", Kind.YEAR, lowest=1990, highest=2100, seen_by=HEALTH),
        F("medical_resident", "参加城乡居民基本医疗保险", Kind.YES_NO, national="AAB013"),
        F("medical_employee", "参加城镇职工基本医疗保险", Kind.YES_NO),
        F("serious_illness_insured", "参加大病保险", Kind.YES_NO, national="AAB022"),
        F("medical_commercial", "参加商业补充医疗保险", Kind.YES_NO),
        F("illness_aid", "接受大病医疗救助", Kind.YES_NO, seen_by=HEALTH),
        F("health_aid", "接受其他健康扶贫", Kind.YES_NO, seen_by=HEALTH),
    )),
    Section("work", "劳动和务工", (
        F("skill", "劳动技能", Kind.CHOICE, codes.SKILL, national="AAB010"),
        F("skilled_certificate", "有技能资质证书", Kind.YES_NO),
        F("industry", "产业分类", Kind.CHOICE, codes.INDUSTRY),
        F("work_place", "务工状况", Kind.CHOICE, codes.WORK_PLACE, help="没有外出务工的不填。"),
        F("work_months", "务工时间", Kind.NUMBER, unit="月", lowest=0, highest=12, national="AAB012", help="收入年度里的月数：上年 10 月至本年 9 月。"),
        F("work_region", "务工所在地", Kind.TEXT, longest=64, help="写到省、市、县。"),
        F("employer", "务工企业名称", Kind.TEXT, longest=64),
        F("abroad", "国外务工", Kind.YES_NO),
        F("channel", "就业渠道", Kind.CHOICE, codes.CHANNEL),
        F("post_kind", "公益性岗位类型", Kind.CHOICE, codes.POST_KIND),
        F("post_months", "公益性岗位", Kind.NUMBER, unit="月", lowest=0, highest=12),
    )),
    Section("cover", "保障", (
        F("dibao", "享受低保", Kind.YES_NO, national="AAB030"),
        F("wubao", "特困供养人员", Kind.YES_NO),
        F("pension_resident", "参加城乡居民基本养老保险", Kind.YES_NO, national="AAB014"),
        F("pension_employee", "参加城镇职工基本养老保险", Kind.YES_NO),
        F("phone", "成员联系电话", Kind.PHONE, sealed=True, seen_by=FieldClass.CONTACT),
    )),
))  # fmt: skip
