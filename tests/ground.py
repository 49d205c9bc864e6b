"""The ground that tests stand on, as plain functions: fixtures lay it for one test (tests/conftest.py) or for a module (tests/standing.py)."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from types import SimpleNamespace

from django.contrib.auth.hashers import make_password
from django.utils import timezone

CAST = {
    "cadre": ("cadre", "422827102200"),
    "lead": ("village_lead", "422827102200"),
    "cadre2": ("cadre", "422827102201"),
    "lead2": ("village_lead", "422827102201"),
    "cadre_other": ("cadre", "422827103200"),
    "township": ("township", "422827102"),
    "township2": ("township", "422827102"),
    "township_other": ("township", "422827103"),
    "county": ("county", "422827"),
    "county2": ("county", "422827"),
    "viewer": ("viewer", "422827"),
    "sysadmin": ("sysadmin", ""),
    "secadmin": ("secadmin", ""),
    "auditor": ("auditor", ""),
    "nobody": (None, ""),
}
PASSWORD = "correct-horse-1949"


def lay_places() -> SimpleNamespace:
    """County 来凤县 with 大河镇 (two villages of three groups) and 绿水镇 (one village)."""
    from villages.models import County, RegisteredPopulation, Township, Village, VillagerGroup

    county = County.objects.create(code="422827", name="来凤县")
    made = SimpleNamespace(county=county, townships={}, villages={}, groups={})
    for code, name in (("422827102", "大河镇"), ("422827103", "绿水镇")):
        made.townships[code] = Township.objects.create(code=code, name=name, county=county)
    rows = (("422827102200", "桐子园村村民委员会"), ("422827102201", "芭蕉溪村村民委员会"), ("422827103200", "老寨村村民委员会"))
    for code, name in rows:
        township = made.townships[code[:9]]
        village = Village.objects.create(code=code, name=name, county=county, township=township)
        made.villages[code] = village
        place = {"county": county, "township": township, "village": village}
        groups = VillagerGroup.objects.bulk_create(
            VillagerGroup(code=f"{code}{number:02d}", number=number, name=f"{number}组", **place) for number in (1, 2, 3)
        )
        made.groups |= {group.code: group for group in groups}
        RegisteredPopulation.objects.bulk_create(
            RegisteredPopulation(group=group, year=2016, households=50, persons=200, **place) for group in groups
        )
    return made


def lay_cast(places: SimpleNamespace) -> SimpleNamespace:
    """Every role as a user: `cast.cadre`, `cast.county` …; password PASSWORD."""
    from accounts.models import Assignment, User

    password = make_password(PASSWORD)
    made = User.objects.bulk_create(
        [User(login=login, name=f"测试{login}", must_change_password=False, password=password) for login in CAST]
    )
    users = {user.login: user for user in made}
    Assignment.objects.bulk_create(
        Assignment(
            user=users[login], role=role, county=places.county if len(area) == 6 else None, since=date(2016, 1, 1),
            township=places.townships.get(area), village=places.villages.get(area),
        )
        for login, (role, area) in CAST.items() if role
    )  # fmt: skip
    return SimpleNamespace(**users)


def lay_rubric():
    """The default rubric, published."""
    from assessment.models import RubricVersion
    from assessment.rubric import canonical_json, digest, load_default

    rubric = load_default()
    return RubricVersion.objects.create(
        code=rubric.code, name=rubric.name, document=canonical_json(rubric), digest=digest(rubric), status="published",
        published_at=timezone.now(),
    )  # fmt: skip


def lay_round(places: SimpleNamespace, rubric_version):
    """Round 2016-SB, open."""
    from assessment.models import Round

    return Round.objects.create(
        code="2016-SB", name="2016年贫困户识别", county=places.county, year=2016, reference_date=date(2016, 6, 30),
        rubric=rubric_version, opened_at=timezone.now(),
    )  # fmt: skip


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def made_up_id(sequence: int, birth: str = "", sex: str = "M") -> str:
    """An ID number of area 522399, which was never issued, with a right check digit; another for each sequence (0 to 5 million)."""
    birth = birth or f"{date(1950, 1, 1) + timedelta(days=sequence // 500):%Y%m%d}"
    body = f"522399{birth}{(sequence * 2 + (1 if sex == 'M' else 0)) % 1000:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def household_maker(places: SimpleNamespace) -> Callable:
    """`make_household("422827102200", number=1, members=2)` → a stored household with a head and others, made straight in the database."""
    from households.models import Household, Membership, Person, Residence
    from households.secrets import id_index, id_last4_index, seal

    def make(village_code: str = "422827102200", number: int = 1, members: int = 2, **facts):
        village = places.villages[village_code]
        group = places.groups[f"{village_code}01"]
        place = {"county": village.county, "township": village.township, "village": village}
        values = {"attribute": "01", "exit_status": "0", "cause": "09"} | facts
        code = f"{village_code}{number:04d}"
        household = Household.objects.create(
            code=code, group=group, head_name=f"张{number}", persons=members, registered_on=date(2016, 1, 1), **place, **values
        )
        Residence.objects.create(household=household, group=group, since=date(2016, 1, 1), **place)
        for order in range(members):
            identity = made_up_id(int(code[6:]) * 13 % 4_999_999 + order, sex="M" if order == 0 else "F")
            person = Person(county=village.county, name=f"张{number}" if order == 0 else f"李{number}{order}", birth=date.fromisoformat(identity[6:14]))
            person.sex, person.id_index = ("M" if order == 0 else "F"), id_index(identity)
            person.id_last4_index = id_last4_index(identity, village.township.code)
            seal(person, "id", identity)
            person.save()
            Membership.objects.create(
                code=f"{code}{order + 1:02d}", person=person, household=household, since=date(2016, 1, 1), **place,
                relation="01" if order == 0 else ("02" if order == 1 else "04"), education="02", schooling="01", health="01", skill="01",
            )  # fmt: skip
        return household

    return make


@lru_cache(maxsize=100)
def _answers_worth(rubric, wanted: int) -> str:
    """An answers string of exactly `wanted` points: reachable sums, walked back from the last indicator."""
    from assessment.answers import encode

    reach = [{0}]
    for item in rubric.indicators:
        reach.append({total + option.points for total in reach[-1] for option in item.options})
    ordinals, left = {}, wanted
    for position in range(len(rubric.indicators), 0, -1):
        item = rubric.indicators[position - 1]
        number, option = next((n, o) for n, o in enumerate(item.options, 1) if left - o.points in reach[position - 1])
        ordinals[item.code], left = number, left - option.points
    return encode(rubric, ordinals)


def case_maker(round_, make_household: Callable) -> Callable:
    """`make_case(number=3, points=58, village_code=…, group=2)` → a case at the first stage with its submitted form, as an import would
    have left it: nobody is its maker unless `surveyor` (a User) is given. `household` takes a household that is there already."""
    from assessment.models import Case, Score, Survey, SurveyStatus
    from assessment.scoring import score
    from households.actions.steps import document
    from households.models import HouseholdVersion
    from households.secrets import seal

    def make(number: int = 1, points: int = 58, *, village_code: str = "422827102200", group: int | None = 1, surveyor=None, household=None, **facts):
        import json

        household = household or make_household(village_code=village_code, number=number, **facts)
        household.group = household.village.groups.get(number=group) if group else None
        household.save()
        version = HouseholdVersion(household=household, version=household.version, at=timezone.now())
        seal(version, "facts", json.dumps(document(household), ensure_ascii=False, sort_keys=True, default=str))
        version.save()
        place = {name: getattr(household, name) for name in ("county_id", "township_id", "village_id", "group_id")}
        rubric, now = round_.rubric.value, timezone.now()
        answers = _answers_worth(rubric, points)
        result = score(rubric, answers)
        looks = ",".join(map(str, result.looks))
        survey = Survey.objects.create(
            round=round_, household=household, answers=answers, look_points=looks, persons=household.persons,
            attribute=household.attribute, cause=household.cause, household_version=household.version, surveyor=surveyor,
            surveyor_name=surveyor.name if surveyor else "调查员", surveyed_on=date(2016, 7, 1), imported=True, people="",
            status=SurveyStatus.SUBMITTED, submitted_at=now, saved_at=now, **place,
        )  # fmt: skip
        survey.score = Score.objects.create(
            survey=survey, rubric=round_.rubric, rubric_digest=round_.rubric.digest, points=result.points, look_points=looks,
            tier=result.tier.code, at=now,
        )  # fmt: skip
        survey.save(update_fields=["score"])
        return Case.objects.create(round=round_, household=household, survey=survey, stage="zp", opened_at=now, stage_since=now, **place)

    return make

