"""A list of contradictory households as an auditor of the 疑点 would bring it (brief 3.13, B-22 to B-24, D6-02): each is told, and told where;
households that only look odd raise nothing that asks the cadre for anything."""

from datetime import date
from decimal import Decimal

import pytest
from quality_views import child, exited, family, home, person, sheet, watched, wife, worker

from core.actions import acting
from households.actions.quality import sync_household
from households.models import Doubt, Household
from households.quality import HouseholdView, Severity
from households.quality.rules import check_household

DIBAO, WUBAO, TODAY = "04", "06", date(2026, 3, 5)
GONE = {"removal": "help", "removed_on": date(2016, 3, 1)}


def of(*members, **facts) -> HouseholdView:
    return home(tuple(members), **facts)


def head(**changed) -> HouseholdView:
    return home(family(head=worker(**changed)))


def grown(age: int, relation: str = "03", sex: str = "M", **changed):
    return person(relation, age, sex, **changed)


def couple_and(*more, **facts) -> HouseholdView:
    return home((worker(), wife(), *more), **facts)


def pupil(age: int, **changed) -> HouseholdView:
    return couple_and(child(age, **changed))


def paid(**parts) -> HouseholdView:
    return home(income=(sheet(**parts),))


def old(age: int = 72, relation: str = "01", sex: str = "M", **changed):
    return person(relation, age, sex, **({"skill": "04"} | changed))


def living(persons: int, **parts):
    """Income of who does not work: pension and other transfers."""
    known = {"wage": 0, "business": 0, "expense": 0, "pension": 1_200, "transfer_other": 3_000, "per_head": 3_200}
    return (sheet(persons, **(known | parts)),)


def card(kind: str = "4", grade: int = 3, **changed) -> dict:
    """A disabled person with a card that says kind and grade; `changed` = what the form says otherwise."""
    paper = {"disability_length": 20, "disability_matches": True, "disability_kind": kind, "disability_grade": grade}
    return {"health": ("04",), "disability_kind": kind, "disability_grade": grade, "paper": paper} | changed


CONTRADICTORY = {
    "身份证少一位": (head(paper={"length": 17, "valid": False}), "Q-01-01"),
    "15位旧号": (head(paper={"length": 15, "valid": False}), "Q-01-02"),
    "校验位抄错": (head(paper={"valid": False}), "Q-01-03"),
    "残疾证号填作身份证": (head(paper={"length": 20}), "Q-01-04"),
    "出生日期与号码不同": (head(paper={"birth": date(1960, 1, 1)}), "Q-01-06"),
    "性别与号码不同": (head(paper={"sex": "F"}), "Q-01-07"),
    "号码里有99999": (head(paper={"has_99999": True}), "Q-01-08"),
    "同一号码在两户": (head(paper={"elsewhere": 1}), "Q-01-09"),
    "成年人没有证件": (head(paper={"length": 0, "kind": "90", "birth": None, "sex": ""}), "Q-01-11"),
    "没有民族": (head(ethnicity=""), "Q-02-11"),
    "两项上学都空": (head(education=None, schooling=None), "Q-02-12"),
    "没有健康状况": (head(health=()), "Q-02-13"),
    "没有主要致贫原因": (home(cause=None), "Q-02-08"),
    "通电和燃料没填": (home(electricity=None, fuel=None), "Q-02-03"),
    "没有收入": (home(income=(), net_income_per_head=None), "Q-02-09"),
    "没有帮扶计划": (home(plan=None), "Q-02-06"),
    "没有户主": (of(wife(), child()), "Q-03-01"),
    "两个户主": (home(family(person("01", 50))), "Q-03-03"),
    "两个配偶": (home(family(wife(age=40))), "Q-03-04"),
    "夫妻同性别": (of(worker(), wife(sex="M")), "Q-03-05"),
    "儿子登记为之女": (couple_and(child(13, "04", "M")), "Q-03-06"),
    "空挂户": (home((), persons=0), "Q-03-08"),
    "儿子只小五岁": (couple_and(grown(41)), "Q-03-09"),
    "父亲比户主年轻": (couple_and(grown(40, "11")), "Q-03-09"),
    "孙子只小十五岁": (couple_and(grown(31, "07")), "Q-03-11"),
    "十四岁的儿媳": (couple_and(grown(22), child(14, "05", "F")), "Q-03-12"),
    "九岁的户主": (of(child(9, "01"), grown(40, "11")), "Q-03-14"),
    "男户主有公公": (home(family(old(70, "15"))), "Q-03-15"),
    "两个父亲": (home(family(old(70, "11"), old(72, "11"))), "Q-03-16"),
    "五岁独居": (of(child(5, "01", schooling="02")), "Q-03-17"),
    "同一孩子登记两次": (couple_and(child(name="小明"), child(name="小明")), "Q-03-18"),
    "人口数与成员不同": (home(persons=5), "Q-03-19"),
    "一百三十岁": (head(age=130), "Q-03-21"),
    "因病而全家健康": (home(cause="01"), "Q-04-01"),
    "因学而没有学生": (couple_and(cause="03"), "Q-04-02"),
    "因残而没有残疾人": (home(cause="02"), "Q-04-03"),
    "缺劳力而有四个劳力": (couple_and(grown(22), grown(20), cause="08"), "Q-04-04"),
    "其他原因同主要原因": (home(other_causes=("09",)), "Q-04-06"),
    "三个其他原因": (home(other_causes=("04", "05", "07")), "Q-04-07"),
    "缺土地而有三十亩": (home(cause="05", cultivated_mu=Decimal(30)), "Q-04-10"),
    "低保户无人低保": (home(attribute=DIBAO), "Q-05-01"),
    "一般户有人低保": (of(worker(), wife(dibao=True)), "Q-05-02"),
    "低保金五保金都有": (paid(dibao_money=2_400, wubao_money=3_000), "Q-05-03"),
    "低保户没有低保金": (of(worker(), wife(dibao=True), attribute=DIBAO), "Q-05-04"),
    "五保户有壮劳力": (of(worker(wubao=True), attribute=WUBAO), "Q-05-06"),
    "非低保户有低保金": (paid(dibao_money=2_400), "Q-05-07"),
    "又低保又特困": (of(old(wubao=True, dibao=True), attribute=WUBAO), "Q-05-11"),
    "健康三十岁无劳力": (couple_and(grown(30, skill="04")), "Q-06-01"),
    "十二岁的劳动力": (pupil(12, skill="01"), "Q-06-02"),
    "一级残疾的技能劳力": (couple_and(grown(30, skill="02", **card(grade=1))), "Q-06-04"),
    "有经营收入没有支出": (paid(expense=0), "Q-07-01"),
    "有工资没有人务工": (of(person(), wife()), "Q-07-03"),
    "有人务工没有工资": (paid(wage=0), "Q-07-04"),
    "人均三百元": (paid(per_head=300), "Q-07-05"),
    "人均十二万元": (paid(per_head=120_000), "Q-07-06"),
    "已脱贫而低于标准": (exited(income=(sheet(per_head=2_500),)), "Q-07-07"),
    "未脱贫而人均两万五": (paid(per_head=25_000), "Q-07-08"),
    "没有老人却有养老金": (paid(pension=1_200), "Q-07-09"),
    "有生态补偿没有退耕": (home(returned_mu=Decimal(0)), "Q-07-11"),
    "存款八万": (home(savings=Decimal(80_000)), "Q-07-15"),
    "有轿车": (home(vehicle="car"), "Q-07-16"),
    "有空调": (home(appliances=["tv", "aircon"]), "Q-07-17"),
    "六个月挣三十万": (paid(wage=300_000), "Q-07-18"),
    "务工十三个月": (head(work_months=13), "Q-08-01"),
    "有务工地没有月数": (head(work_months=None), "Q-08-02"),
    "有月数没有务工地": (head(work_place=None), "Q-08-03"),
    "无劳力而务工": (couple_and(grown(30, skill="04", health=("02",), work_place="01", work_months=5)), "Q-08-04"),
    "务工十月公益岗十二月": (head(work_months=10, post_kind="clean", post_months=12), "Q-08-05"),
    "高中生在公益岗一年": (pupil(17, schooling="08", post_kind="clean", post_months=12), "Q-08-06"),
    "七十二岁在公益岗": (home(family(old(72, "11", post_kind="clean", post_months=12))), "Q-08-07"),
    "公益岗在省外": (head(work_place="03", post_kind="clean", post_months=6), "Q-08-08"),
    "十二岁务工": (pupil(12, schooling="01", work_place="03", work_months=6), "Q-08-09"),
    "十二岁读高一": (pupil(12, schooling="07"), "Q-09-01"),
    "二十岁读小学": (pupil(20, schooling="03"), "Q-09-02"),
    "三十三岁在校": (couple_and(child(33, "99", schooling="16")), "Q-09-03"),
    "四岁读小学": (pupil(4, schooling="03"), "Q-09-04"),
    "十岁健康不在校": (pupil(10, schooling="01", education="02"), "Q-09-05"),
    "三年都是七年级": (pupil(13, last_schooling=("04", "04", "04")), "Q-09-08"),
    "上学两项都填": (pupil(13, education="02"), "Q-09-09"),
    "三岁初中文化": (pupil(3, schooling="01", education="03"), "Q-09-10"),
    "七岁的党员": (pupil(7, political="01"), "Q-09-15"),
    "已脱贫而D级危房": (exited(danger_level="D", dangerous_house=True), "Q-10-01"),
    "已脱贫而饮水不安全": (exited(water_safe=False), "Q-10-02"),
    "已脱贫而辍学": (exited((worker(), child(13, schooling="01"))), "Q-10-03"),
    "已脱贫而没有医保": (exited((worker(medical_resident=False), child())), "Q-10-04"),
    "已脱贫而没有大病保险": (exited((worker(serious_illness_insured=False), child())), "Q-10-05"),
    "已脱贫而住房零平米": (exited(area_m2=Decimal(0)), "Q-10-06"),
    "已脱贫而不通电": (exited(electricity=False), "Q-10-07"),
    "D级却不是危房户": (home(danger_level="D"), "Q-10-11"),
    "A级却是危房户": (home(dangerous_house=True), "Q-10-12"),
    "未脱贫有脱贫年度": (home(exit_year=2015), "Q-10-20"),
    "两种医保都参加": (head(medical_employee=True), "Q-10-23"),
    "十岁参加养老保险": (pupil(10, pension_resident=True), "Q-10-25"),
    "受大病救助却健康": (head(illness_aid=True), "Q-10-27"),
    "饮水安全又困难": (home(water_difficult=True, tap_water=False), "Q-10-28"),
    "每人六十亩耕地": (home(cultivated_mu=Decimal(180)), "Q-11-02"),
    "灌溉大于耕地": (home(irrigated_mu=Decimal(6)), "Q-11-05"),
    "退耕大于林地": (home(returned_mu=Decimal(9)), "Q-11-06"),
    "住房六百平米": (home(area_m2=Decimal(600)), "Q-11-07"),
    "残疾没有证": (head(health=("04",)), "Q-12-01"),
    "有残疾证却健康": (head(**card(health=("01",))), "Q-12-02"),
    "残疾等级与证不同": (head(**card(disability_grade=4)), "Q-12-07"),
    "又健康又慢性病": (head(health=("01", "02")), "Q-12-08"),
    "没有帮扶责任人": (home(helper_name=None), "Q-13-01"),
    "帮扶人也是贫困户": (home(helper_is_poor=True), "Q-13-02"),
    "低于监测范围未纳入": (exited(on=TODAY), "Q-14-01"),
    "监测一个月没有措施": (watched(monitor_measures=[]), "Q-14-02"),
    "饮水风险没有饮水措施": (watched(risks=["water"], water_safe=False), "Q-14-03"),
    "因学风险没有教育措施": (watched(risks=["study"]), "Q-14-05"),
    "帮扶消除而没有措施": (watched(monitor_measures=[], **GONE), "Q-14-06"),
    "一个月就消除": (watched(monitored_on=date(2016, 2, 1), **GONE), "Q-14-07"),
    "因病风险自付为零": (watched(risks=["ill"]), "Q-14-08"),
    "其他风险没有说明": (watched(risks=["other"]), "Q-14-09"),
    "消除以后又是危房": (watched(danger_level="D", dangerous_house=True, **GONE), "Q-14-10"),
    "消除早于纳入": (watched(removal="help", removed_on=date(2015, 6, 1)), "Q-14-12"),
    "监测对象没有风险": (watched(risks=[]), "Q-14-18"),
    "因残风险没有残疾人": (watched(risks=["disabled"]), "Q-14-19"),
    "收入低却消除": (watched(on=TODAY, **GONE), "Q-14-21"),
}
CLEAN = {
    "独居老人": of(old(sex="F"), income=living(1), cause="08", net_income_per_head=3_200),
    "独居的五保户": of(old(wubao=True), attribute=WUBAO, income=living(1, wubao_money=5_000), cause="08"),
    "寡妇带成年子女": of(person("01", 55, "F"), grown(30, work_place="03", work_months=10), grown(27, "04", "F")),
    "父母双亡的两个学生": of(
        child(17, "01", schooling="08"), child(14, "21", schooling="06"), cause="03", income=living(2, pension=0)
    ),
    "老夫妻带孙子": of(old(62, skill="05"), old(60, "02", "F", skill="05"), child(6, "07", schooling="03"), income=living(3)),
    "有证的残疾劳动者": couple_and(grown(25, **card()), cause="02"),
    "没有地的移民户": home(
        cause="05", cultivated_mu=Decimal(0), irrigated_mu=Decimal(0), forest_mu=Decimal(0), returned_mu=Decimal(0),
        income=(sheet(ecology=0, business=0, expense=0),),
    ),
    "十二口人": couple_and(
        *(child(6 + n, name=f"孩{n}", schooling="03") for n in range(6)), old(70, "11"), old(69, "12", "F"), grown(40, "21"), grown(38, "21", "F"),
        income=(sheet(12, pension=2_400),),
    ),
    "户主的弟弟": couple_and(grown(40, "21")),
    "十四岁读九年级": pupil(14, schooling="06"),
    "十六岁读初中": pupil(16, schooling="05"),
    "十五岁读高一": pupil(15, schooling="07"),
    "六岁在学前": pupil(6, schooling="02"),
    "六十岁领养老金": of(worker(), wife(), person("12", 60, "F"), income=(sheet(pension=1_080),)),
    "还没有证件的新生儿": couple_and(
        grown(0, schooling="01", education="06", skill=None, pension_resident=None, paper={"length": 0, "kind": "", "birth": None, "sex": ""})
    ),
    "六十七岁还种地": of(person("01", 67), grown(65, "02", "F"), income=(sheet(2, wage=0, pension=2_400),)),
    "低保家庭": of(
        worker(), wife(dibao=True, health=("02",), skill="05"), child(), attribute=DIBAO, cause="01", income=(sheet(dibao_money=4_800),)
    ),
    "二十三岁的大学生": couple_and(child(23, schooling="16"), cause="03"),
    "有病不能劳动": couple_and(grown(25, health=("02",), skill="03"), cause="01"),
    "上门女婿": home(family(old(70, "13"), old(68, "14", "F")), income=(sheet(5, pension=2_400),)),
    "再婚妻小二十岁": of(worker(age=52), wife(age=32), child(9, schooling="03")),
    "二十岁的单身母亲": of(
        person("01", 20, "F", work_place="01", work_months=4), child(2, schooling="01", education="06"), income=(sheet(2),)
    ),
    "十六岁外出务工": couple_and(grown(16, "04", "F", work_place="03", work_months=5)),
    "公益岗就是务工": couple_and(
        grown(25, channel="post", post_kind="forest", post_months=12, work_place="01", work_months=12)
    ),
    "因灾危房": home(cause="04", danger_level="D", dangerous_house=True),
    "离异带儿女": of(worker(), child(13), child(9, "04", "F", schooling="03")),
    "一般农户": home(attribute="05", cause=None, exit_status=None, standard=None),
}  # fmt: skip


@pytest.mark.parametrize("what", CONTRADICTORY)
def test_the_auditor_finds_every_contradiction_told(what):
    view, rule = CONTRADICTORY[what]
    assert rule in {finding.rule for finding in check_household(view)}


@pytest.mark.parametrize("what", CLEAN)
def test_the_cadre_is_asked_nothing_about_a_household_that_only_looks_odd(what):
    asked = [finding.message for finding in check_household(CLEAN[what]) if finding.severity is not Severity.HINT]
    assert asked == []


def test_a_cadre_is_told_that_an_exited_household_lives_below_the_line_of_its_year(make_household, scope):
    """The line comes from the year of the income, here of the exit: 2952 yuan in 2016."""
    poor, better = (
        make_household(number=n, exit_status="1", exit_year=2016, net_income_per_head=2_950 + n * 2 - 2) for n in (1, 2)
    )
    for household in (poor, better):
        with acting(scope("cadre"), "household.update") as act:
            sync_household(act, Household.objects.get(pk=household.pk))
    assert list(Doubt.objects.filter(rule="Q-07-07").values_list("household_id", flat=True)) == [poor.pk]
