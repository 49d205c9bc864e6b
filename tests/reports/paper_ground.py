"""A household with something in every field that a paper must show or must never show."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from households.models import IncomeYear, Membership, Person
from households.secrets import id_index, seal

VILLAGE = "422827102200"
PHONE, CARD, SAVINGS, MEMBER_PHONE = "13985907001", "6228480128888888881", "48765", "13985907002"
ILLNESS = "长期慢性病"
SECRETS = (PHONE, CARD, SAVINGS, "48,765", MEMBER_PHONE, ILLNESS, "522399")


def fill(household, *, members: int = 0, names: tuple[str, ...] = ()):
    """Facts, sealed numbers and, if asked for, a family of `members`."""
    for name, value in (("phone", PHONE), ("bank_card", CARD), ("savings", SAVINGS)):
        seal(household, name, value)
    household.needs, household.plan, household.helper_name = ["02", "07"], "种白术三亩，养黑山羊十只。", "覃晓燕"
    household.other_causes, household.area_m2 = "05", Decimal("1234.5")
    place = {name: getattr(household, name) for name in ("county", "township", "village")}
    for order in range(household.memberships.count(), members):
        number = f"5223992000010{order:04d}X"
        person = Person(name=names[order] if order < len(names) else f"王小{order}", county=household.county, birth=date(2000, 1, 1), sex="F", id_index=id_index(number))
        seal(person, "id", number)
        person.save()
        row = Membership(code=f"{household.code}{order + 1:02d}", person=person, household=household, since=date(2016, 1, 1), relation="99", health="02", **place)
        seal(row, "phone", MEMBER_PHONE)
        row.save()
    household.persons = household.memberships.count()
    household.save()
    return household


def income_of(household, **amounts) -> IncomeYear:
    place = {name: getattr(household, name) for name in ("county", "township", "village")}
    return IncomeYear.objects.create(household=household, year=2016, persons=household.persons, updated_at=timezone.now(), **place, **amounts)


def sign_income(row: IncomeYear, by):
    """The household's signature under this sheet as it stands."""
    from households.models import Paper

    household = row.household
    return Paper.objects.create(
        household=household, county=household.county, township=household.township, village=household.village, kind="income", year=row.year,
        face_to_face=True, signed_on=date(2016, 10, 8), signer_name=household.head_name,
        sha256="0" * 64, media_type="application/pdf", size=1, by=by, at=timezone.now(),
    )  # fmt: skip
