"""For every rule about a household or a village one view in which it speaks, and a near one in which it keeps silent."""

from datetime import date
from decimal import Decimal

from quality_views import child, exited, family, home, person, sheet, village, watched, wife, worker

DIBAO, WUBAO = "04", "06"


def fact(silent=None, **speaks):
    """The household with these facts, and with others (None = the household in order)."""
    return home(**speaks), home(**(silent or {}))


def parts(silent: dict | None = None, **speaks):
    return home(income=(sheet(**speaks),)), home(income=(sheet(**(silent or {})),))


BLANKS = {
    "Q-02-01": fact(bank_card_known=False),
    "Q-02-02": fact(toilet=None, silent={"structure": "none", "area_m2": None, "toilet": None, "danger_level": None}),
    "Q-02-03": fact(fuel=None),
    "Q-02-04": fact(cooperative=None),
    "Q-02-05": fact(appliances=None, silent={"appliances": []}),
    "Q-02-06": (home(plan=None), exited(plan=None)),
    "Q-02-07": (watched(risks=None), exited(risks=None)),
    "Q-02-08": fact(cause=None, silent={"cause": None, "attribute": "05"}),
    "Q-02-09": (home(income=(), net_income_per_head=None), home(income=())),
    "Q-02-11": (home(family(child(9, ethnicity=""))), home(family(child(9, ethnicity="16")))),
    "Q-02-12": (home(family(child(6, schooling=None))), home(family(child(5, schooling=None)))),
    "Q-02-13": (home(family(child(9, health=()))), home(family(child(9, health=("02",))))),
    "Q-02-14": (home(family(head=worker(skill=None))), home(family(child(17, schooling="08", skill=None)))),
    "Q-02-15": (
        home(family(head=worker(medical_resident=None))),
        home(family(head=worker(medical_resident=None, medical_employee=True))),
    ),
    "Q-02-16": (home(family(head=worker(education=None))), home(family(child(education=None)))),
    "Q-02-21": (village(same_phone=3), village(same_phone=0)),
    "Q-02-22": (village(same_bank_card=3), village(same_bank_card=0)),
}

STRUCTURE = {
    "Q-03-01": (home((wife(),)), home((wife(),), head_pending=True)),
    "Q-03-02": (home((wife(),), head_pending=True), home()),
    "Q-03-03": (home((worker(), person(age=45))), home()),
    "Q-03-04": (home(family(wife(age=43))), home()),
    "Q-03-05": (home((worker(), wife(sex="M"))), home((worker(), wife(sex="")))),
    "Q-03-07": (
        home(family(*(child(age) for age in (12, 11, 10, 9)))),
        home(family(*(child(age) for age in (12, 11, 10)))),
    ),
    "Q-03-08": (home(()), home((worker(),))),
    "Q-03-16": (
        home(family(person("12", 70, "F"), person("12", 71, "F"))),
        home(family(person("11", 70), person("12", 71, "F"))),
    ),
    "Q-03-17": (home((child(15, "01"),)), home((child(16, "01"),))),
    "Q-03-18": (
        home(family(child(12, name="小明"), child(12, "04", "F", name="小明"))),
        home(family(child(12, name="小明"), child(11, name="小明"))),
    ),
    "Q-03-19": (home(persons=4), home(persons=3)),
    "Q-03-20": fact(has_group=False),
    "Q-03-31": (village(households=121), village(households=120)),
    "Q-03-32": (village(persons=481), village(persons=480)),
    "Q-03-33": (village(ungrouped=6), village(ungrouped=5)),
    "Q-03-34": (village(registered_population=None), village()),
    "Q-03-35": (village(without_survey=21), village(without_survey=20)),
}

STUDENT = child(17, schooling="08")
CAUSES = {
    "Q-04-01": (home(cause="01"), home(family(head=worker(health=("02",))), cause="01")),
    "Q-04-02": (home(other_causes=("03",)), home(family(STUDENT), cause="03")),
    "Q-04-03": (home(cause="02"), home(family(head=worker(disability_grade=3)), cause="02")),
    "Q-04-04": (home(family(person("03", 20)), cause="08"), home(cause="08")),
    "Q-04-05": (
        home(cause="08", on=date(2022, 3, 5)),
        home((worker(skill="03"), wife(), child(), child(12)), cause="08", on=date(2022, 3, 5)),
    ),
    "Q-04-06": fact(other_causes=("09",), silent={"other_causes": ("07",)}),
    "Q-04-07": fact(other_causes=("05", "06", "07"), silent={"other_causes": ("05", "06")}),
    "Q-04-08": fact(cause=None, other_causes=("05",)),
    "Q-04-09": fact(attribute="05"),
    "Q-04-10": fact(cause="05", cultivated_mu=Decimal(6), silent={"cause": "05"}),
    "Q-04-11": fact(cause="06", silent={"cause": "06", "water_difficult": True}),
    "Q-04-12": fact(cause="10", silent={"cause": "10", "road": "mud"}),
    "Q-04-13": (home(family(head=worker(skill="02")), cause="07"), home(cause="07")),
    "Q-04-15": fact(attribute="05", cause=None, silent={"attribute": "05", "cause": None, "exit_status": None}),
    "Q-04-14": fact(savings=Decimal(5_000), silent={"savings": Decimal(4_999)}),
}

DIBAO_FAMILY, WUBAO_FAMILY = family(head=worker(dibao=True)), family(head=worker(wubao=True))
AIDS = {
    "Q-05-01": (home(attribute=DIBAO), home(DIBAO_FAMILY, attribute=DIBAO)),
    "Q-05-02": (home(DIBAO_FAMILY), home(DIBAO_FAMILY, attribute=DIBAO)),
    "Q-05-03": parts(dibao_money=900, wubao_money=900, silent={"dibao_money": 900}),
    "Q-05-04": (home(DIBAO_FAMILY), home(DIBAO_FAMILY, income=(sheet(dibao_money=900),))),
    "Q-05-05": parts(dibao_money=199, silent={"dibao_money": 200}),
    "Q-05-06": (home(attribute=WUBAO), home((person(age=60),), attribute=WUBAO)),
    "Q-05-07": parts(dibao_money=900),
    "Q-05-08": parts(wubao_money=900),
    "Q-05-09": (home(attribute=WUBAO), home(WUBAO_FAMILY, attribute=WUBAO)),
    "Q-05-10": (home(WUBAO_FAMILY), home(WUBAO_FAMILY, attribute=WUBAO)),
    "Q-05-11": (home(family(head=worker(dibao=True, wubao=True))), home(DIBAO_FAMILY)),
    "Q-05-12": (
        home(WUBAO_FAMILY, attribute=WUBAO),
        home(WUBAO_FAMILY, attribute=WUBAO, income=(sheet(wubao_money=900),)),
    ),
    "Q-05-13": parts(wubao_money=199, silent={"wubao_money": 200}),
}

OLD = (person(age=60),)
INCOME = {
    "Q-07-01": parts(expense=0),
    "Q-07-02": parts(wage=299, silent={"wage": 300}),
    "Q-07-03": (home((person(), wife())), home()),
    "Q-07-04": parts(wage=0),
    "Q-07-05": parts(per_head=500, silent={"per_head": 501}),
    "Q-07-06": parts(per_head=30_001, silent={"per_head": 30_000}),
    "Q-07-07": (exited(income=(sheet(per_head=2_951),)), exited(income=(sheet(per_head=2_952),))),
    "Q-07-08": parts(per_head=20_001, silent={"per_head": 20_000}),
    "Q-07-09": (home(income=(sheet(pension=1_200),)), home(OLD, income=(sheet(1, pension=1_200),))),
    "Q-07-10": (home(OLD), home((person(age=59),))),
    "Q-07-11": fact(returned_mu=Decimal(0)),
    "Q-07-12": parts(expense=3_001, silent={"expense": 3_000}),
    "Q-07-13": (home(income=(sheet(dividend=300),), cooperative=False), home(income=(sheet(dividend=300),))),
    "Q-07-14": (home(income=(sheet(4),)), home(income=(sheet(3),))),
    "Q-07-15": fact(savings=Decimal(5_000), silent={"savings": Decimal(5_000), "attribute": "05"}),
    "Q-07-17": fact(appliances=["tv", "heater"], silent={"appliances": ["tv", "fridge", "washer"]}),
    "Q-07-18": parts(wage=120_001, silent={"wage": 120_000}),
    "Q-07-16": fact(vehicle="car", silent={"vehicle": "car", "exit_status": "1"}),
}

BASICS = {
    "Q-10-01": (exited(dangerous_house=True), home(dangerous_house=True)),
    "Q-10-02": (exited(water_difficult=True), home(water_difficult=True)),
    "Q-10-03": (exited((worker(), child(15, schooling="01"))), exited((worker(), child(16, schooling="01")))),
    "Q-10-04": (
        exited(family(head=worker(medical_resident=False))),
        exited(family(head=worker(medical_resident=False, medical_employee=True))),
    ),
    "Q-10-05": (
        exited(family(head=worker(serious_illness_insured=False))),
        exited(family(head=worker(serious_illness_insured=None))),
    ),
    "Q-10-06": (exited(area_m2=Decimal("9.9")), exited(area_m2=Decimal(10))),
    "Q-10-07": (exited(electricity=False), exited(electricity=None)),
    "Q-10-11": fact(danger_level="D", silent={"danger_level": "D", "dangerous_house": None}),
    "Q-10-12": fact(danger_level="B", dangerous_house=True, silent={"danger_level": "C", "dangerous_house": True}),
    "Q-10-13": fact(structure="none", silent={"structure": "none", "area_m2": Decimal(0)}),
    "Q-10-14": fact(structure="none", silent={"structure": "none", "danger_level": "D"}),
    "Q-10-15": fact(electricity=False, silent={"electricity": False, "appliances": []}),
    "Q-10-16": fact(water_difficult=True, silent={"water_difficult": True, "tap_water": None}),
    "Q-10-17": fact(water_safe=False, silent={"water_safe": False, "tap_water": False}),
    "Q-10-18": fact(electricity=False, silent={"electricity": False, "production_power": False}),
    "Q-10-19": fact(electricity=False, silent={"electricity": False, "broadcast": None}),
    "Q-10-20": (home(exit_year=2015), exited(exit_year=2015)),
    "Q-10-22": (exited(income=(sheet(wage=0, business=0, expense=0),)), exited(income=(sheet(wage=0),))),
    "Q-10-23": (home(family(head=worker(medical_employee=True))), home(family(head=worker(medical_employee=True, medical_resident=False)))),
    "Q-10-24": (home(family(head=worker(pension_employee=True))), home(family(head=worker(pension_employee=True, pension_resident=False)))),
    "Q-10-25": (home(family(child(15, pension_resident=True))), home(family(child(16, pension_resident=True)))),
    "Q-10-26": (exited(exit_year=2013), exited(exit_year=2014)),
    "Q-10-27": (home(family(head=worker(illness_aid=True))), home(family(head=worker(illness_aid=True, health=("03",))))),
    "Q-10-28": fact(water_difficult=True, tap_water=False, silent={"water_difficult": True, "tap_water": False, "water_safe": False}),
    "Q-10-21": (exited(exit_year=2017), home(exit_status="5", exit_year=2017)),
}

AREA = {
    "Q-11-01": fact(cultivated_mu=Decimal(11), silent={"cultivated_mu": Decimal(10)}),
    "Q-11-02": fact(cultivated_mu=Decimal(151), silent={"cultivated_mu": Decimal(150)}),
    "Q-11-03": fact(forest_mu=Decimal(51), silent={"forest_mu": Decimal(50)}),
    "Q-11-04": fact(forest_mu=Decimal(211), silent={"forest_mu": Decimal(210)}),
    "Q-11-05": fact(irrigated_mu=Decimal("4.01"), silent={"irrigated_mu": Decimal(4)}),
    "Q-11-06": fact(returned_mu=Decimal("5.5"), silent={"returned_mu": Decimal("5.5"), "pasture_mu": Decimal(1)}),
    "Q-11-07": fact(area_m2=Decimal(500), silent={"area_m2": Decimal(499)}),
    "Q-11-08": fact(road_km=Decimal("5.1"), silent={"road_km": Decimal(5)}),
    "Q-11-09": fact(area_m2=Decimal(9), silent={"area_m2": Decimal(10)}),
}

HELPER = {
    "Q-13-01": (home(helper_name=None), exited(helper_name=None)),
    "Q-13-02": fact(helper_is_poor=True),
    "Q-13-03": fact(helper_name="成员0244", silent={"helper_name": "成员0245"}),
    "Q-13-04": fact(helper_unit=None, silent={"helper_name": None, "helper_unit": None}),
}

SINCE = date(2015, 12, 1)
MONITORING = {
    "Q-14-01": (exited(on=date(2022, 3, 5)), home(on=date(2022, 3, 5))),
    "Q-14-02": (
        watched(monitor_measures=[], monitored_on=date(2016, 2, 5)),
        watched(monitor_measures=[], monitored_on=date(2016, 2, 6)),
    ),
    "Q-14-03": (watched(risks=["water"]), watched(risks=["water"], monitor_measures=["06"])),
    "Q-14-04": (watched(risks=["house"]), watched(risks=["house"], monitor_measures=["12"])),
    "Q-14-05": (watched(risks=["study"]), watched(risks=["study"], monitor_measures=["09"])),
    "Q-14-06": (watched(removal="help", monitor_measures=[]), watched(removal="natural", monitor_measures=[])),
    "Q-14-07": (
        watched(removal="help", removed_on=date(2016, 1, 31), monitored_on=SINCE),
        watched(removal="help", removed_on=date(2016, 2, 1), monitored_on=SINCE),
    ),
    "Q-14-08": (watched(risks=["ill"]), watched(risks=["ill"], income=(sheet(medical_paid=800),))),
    "Q-14-09": (watched(risks=["other"]), watched(risks=["other"], risk_note="车祸赔偿")),
    "Q-14-10": (
        watched(removal="help", removed_on=date(2016, 3, 1), water_safe=False),
        watched(removal="help", removed_on=date(2016, 3, 1)),
    ),
    "Q-14-11": fact(risks=["ill"]),
    "Q-14-12": (watched(removed_on=date(2015, 11, 30)), watched(removed_on=SINCE)),
    "Q-14-13": (watched(removal="help"), watched(removal="help", removed_on=date(2016, 3, 1))),
    "Q-14-14": (watched(risks=["ill"]), watched(risks=["ill"], monitor_measures=["07"])),
    "Q-14-15": (watched(risks=["work"], monitor_measures=["10"]), watched(risks=["work"], monitor_measures=["02"])),
    "Q-14-16": (home(monitor_kind="unstable"), watched()),
    "Q-14-18": (watched(risks=[]), watched(risks=None)),
    "Q-14-19": (
        watched(risks=["ill"], monitor_measures=["07"], income=(sheet(medical_paid=900),)),
        watched(risks=["ill"], monitor_measures=["07"], removal="natural", removed_on=date(2016, 3, 1)),
    ),
    "Q-14-20": (watched(risks=["house"]), watched(risks=["house"], danger_level="C", dangerous_house=True)),
    "Q-14-21": (
        watched(on=date(2022, 3, 5), removal="help", removed_on=date(2016, 3, 1)),
        watched(on=date(2022, 3, 5), removal="help", removed_on=date(2016, 3, 1), income=(sheet(per_head=7_300),)),
    ),
    "Q-14-22": (
        watched((person(age=70, skill="04"),), removal="help", removed_on=date(2016, 3, 1)),
        watched((person(age=70, skill="05"),), removal="help", removed_on=date(2016, 3, 1)),
    ),
    "Q-14-17": (
        watched(risks=["ill", "study", "work", "house", "water", "other"]),
        watched(risks=["ill", "study", "work", "house", "water"]),
    ),
}

CASES = BLANKS | STRUCTURE | CAUSES | AIDS | INCOME | BASICS | AREA | HELPER | MONITORING
