"""For every rule about persons a household in which it speaks, and a near one in which it keeps silent: {code: (speaks, silent)}."""

from datetime import date

from quality_views import ON, child, family, home, person, sheet, wife, worker

DISABLED = ("04",)


def one(**changed):
    """The family with another head."""
    return home(family(head=worker(**changed)))


def pupil(**changed):
    return home((worker(), wife(), child(**changed)))


def paper(**reading):
    return one(paper=reading)


PAPERS = {
    "Q-01-01": (paper(length=17), paper(length=15)),
    "Q-01-02": (paper(length=15), paper(length=18)),
    "Q-01-03": (paper(valid=False), paper(length=15, valid=False)),
    "Q-01-04": (paper(kind="09"), paper(kind="09", length=20)),
    "Q-01-05": (paper(kind="90"), paper(kind="90", length=0, birth=None, sex="")),
    "Q-01-06": (paper(birth=date(1971, 1, 1)), paper(birth=None)),
    "Q-01-07": (paper(sex="F"), paper(sex="")),
    "Q-01-08": (paper(has_99999=True), paper()),
    "Q-01-09": (paper(elsewhere=1), paper(elsewhere=0)),
    "Q-01-10": (paper(length=0), home(family(person("03", 0, paper={"length": 0})))),
    "Q-01-11": (
        pupil(paper={"length": 0, "kind": "90"}),
        home(family(person("03", 1, paper={"length": 0, "kind": "90"}))),
    ),
}

LABOUR = {
    "Q-06-01": (one(skill="04"), one(skill="04", health=("02",))),
    "Q-06-02": (pupil(age=15, skill="05"), pupil(age=16, skill="05")),
    "Q-06-03": (
        home((person(age=70),), income=(sheet(1, business=0),)),
        home((person(age=65),), income=(sheet(1, business=0),)),
    ),
    "Q-06-04": (one(disability_grade=2), one(disability_grade=3)),
    "Q-06-05": (one(health=("03",)), one(health=("02",))),
    "Q-06-06": (pupil(age=17, schooling="08", skill="01"), pupil(age=17, schooling="08", skill="04")),
    "Q-06-07": (one(age=76), one(age=75)),
    "Q-06-08": (one(skill="03", skilled_certificate=True), one(skill="02", skilled_certificate=True)),
}

WORK = {
    "Q-08-01": (one(work_months=13), one(work_months=12)),
    "Q-08-02": (one(work_months=0), one(work_place=None, work_months=0)),
    "Q-08-03": (one(work_place=None), one(work_place=None, employer="某厂")),
    "Q-08-04": (one(skill="03"), one(skill="05")),
    "Q-08-05": (one(work_months=8, post_months=5), one(work_months=8, post_months=4)),
    "Q-08-06": (pupil(age=17, schooling="08", work_months=3), pupil(age=17, schooling="08", work_months=2)),
    "Q-08-07": (one(age=70, post_kind="clean"), one(age=69, post_kind="clean")),
    "Q-08-08": (one(channel="shop"), one(channel="shop", work_place="01")),
    "Q-08-09": (pupil(age=15, work_months=1), pupil(age=16, work_months=1)),
    "Q-08-10": (one(age=70), one(age=70, work_place="01")),
    "Q-08-11": (one(abroad=True), one(abroad=True, work_place="99")),
    "Q-08-12": (one(post_kind="clean"), one(post_kind="clean", post_months=3)),
}

SCHOOL = {
    "Q-09-01": (pupil(age=7, schooling="07"), pupil(age=15, schooling="07")),
    "Q-09-02": (pupil(age=16, schooling="03"), pupil(age=15, schooling="03")),
    "Q-09-03": (pupil(age=30, relation="99", schooling="16"), pupil(age=29, relation="99", schooling="16")),
    "Q-09-04": (pupil(age=5, schooling="03"), pupil(age=6, schooling="03")),
    "Q-09-05": (pupil(age=14, schooling="01"), pupil(age=14, schooling="01", health=DISABLED)),
    "Q-09-06": (pupil(age=15, schooling="01"), pupil(age=15, schooling="01", dropout_reason="poor")),
    "Q-09-07": (pupil(dropout_reason="tired"), pupil(schooling="01", dropout_reason="tired")),
    "Q-09-08": (pupil(last_schooling=("05", "05", "05")), pupil(last_schooling=("05", "05", "04"))),
    "Q-09-09": (pupil(education="02"), pupil(education="06")),
    "Q-09-10": (pupil(age=11, schooling="01", education="03"), pupil(age=13, schooling="01", education="03")),
    "Q-09-11": (pupil(age=8, schooling="01", education="06"), pupil(age=7, schooling="01", education="06")),
    "Q-09-12": (pupil(age=8, schooling="02"), pupil(age=7, schooling="02")),
    "Q-09-14": (pupil(age=16, schooling="16"), pupil(age=17, schooling="16")),
    "Q-09-15": (pupil(age=12, political="03"), pupil(age=13, political="03")),
    "Q-09-13": (pupil(age=18, schooling="06"), pupil(age=17, schooling="06")),
}

DISABILITY = {
    "Q-12-01": (one(health=DISABLED), one(health=DISABLED, paper={"disability_length": 20})),
    "Q-12-02": (paper(disability_length=20), one(health=DISABLED, paper={"disability_length": 20})),
    "Q-12-03": (one(disability_grade=3), one(health=DISABLED, disability_grade=3)),
    "Q-12-04": (paper(disability_length=19), paper(disability_length=22)),
    "Q-12-05": (
        one(health=DISABLED, paper={"disability_length": 20, "disability_matches": False}),
        one(health=DISABLED, paper={"disability_length": 20, "disability_matches": None}),
    ),
    "Q-12-06": (
        one(disability_kind="1", paper={"disability_kind": "2"}),
        one(disability_kind="1", paper={"disability_kind": "1"}),
    ),
    "Q-12-07": (
        one(disability_grade=1, paper={"disability_grade": 2}),
        one(disability_grade=2, paper={"disability_grade": 2}),
    ),
    "Q-12-08": (one(health=("01", "02")), one(health=("02", "03"))),
    "Q-12-09": (
        one(health=DISABLED, disability_kind="4", paper={"disability_length": 20}),
        one(health=DISABLED, disability_kind="4", disability_grade=3, paper={"disability_length": 20}),
    ),
    "Q-12-10": (one(disability_year=ON.year + 1), one(disability_year=ON.year)),
}

RELATIONS = {
    "Q-03-06": (pupil(sex="F"), pupil(sex="F", relation="04")),
    "Q-03-09": (home(family(person("12", 50, "F"))), home(family(person("12", 60, "F")))),
    "Q-03-10": (home((person(age=80), child(13))), home((person(age=73), child(13)))),
    "Q-03-11": (pupil(age=19, relation="07"), pupil(age=18, relation="07")),
    "Q-03-12": (home((worker(age=24), wife(age=19))), home((worker(age=24), wife(age=20)))),
    "Q-03-13": (home((person(age=80), wife())), home((person(age=74), wife()))),
    "Q-03-14": (home((child(15, "01"), wife())), home((child(16, "01"), wife()))),
    "Q-03-15": (home(family(person("15", 70))), home(family(person("13", 70)))),
    "Q-03-21": (one(age_=121), one(age_=120)),
}

CASES = PAPERS | LABOUR | WORK | SCHOOL | DISABILITY | RELATIONS
