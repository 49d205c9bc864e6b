"""第三签字 (B-19, B-26): named households of a group, each once, two thirds of the group's households, with the signed sheet."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone

from assessment.actions.signing import add_signing, open_signing
from assessment.models import Signature, Signing
from assessment.selectors_signing import Share, signed_share
from core.errors import BadInput, Denied, NotFound, WrongState
from core.models import AuditRow
from tests.assessment.meetings import Hall
from tests.core.scan_files import pdf
from villages.models import RegisteredPopulation

GROUP, CODE = "42282710220001", "422827102200000"


@pytest.mark.parametrize(
    "signed, total, met, missing",
    [(0, 0, False, 0), (0, 3, False, 2), (1, 3, False, 1), (2, 3, True, 0), (6, 10, False, 1), (7, 10, True, 0), (66, 100, False, 1), (67, 100, True, 0), (5, 3, True, 0)],
)
def test_two_thirds_are_reckoned_in_whole_numbers(signed, total, met, missing):
    share = Share(signed, total, registered=True)
    assert (share.met, share.missing) == (met, missing)


def test_a_share_short_of_two_thirds_never_looks_like_it():
    assert Share(665, 1000, registered=True).percent == 66


@pytest.fixture
def group(places, make_household, round_):
    for number in (1, 2, 3):
        make_household(number=number)
    return places.groups[GROUP]


@pytest.fixture
def sign(scope, round_, group):
    def make(households=(), names: str = "", who: str = "cadre", inside: bytes = b"", day=None, group_code: str = GROUP, key: str = "") -> Signing:
        return add_signing(
            scope=scope(who), round_code=round_.code, group_code=group_code, signed_on=day or timezone.localdate(), key=key,
            households=[f"{CODE}{number}" for number in households], names=names, file=io.BytesIO(pdf(inside)),
        )  # fmt: skip

    return make


def test_households_count_once_however_often_and_wherever_they_stand(sign, group, round_):
    RegisteredPopulation.objects.filter(group=group).delete()
    sign([1], "张二\n张二\n向·远")
    sign([1], "张二", inside=b"second")
    share = signed_share(round_, group)
    assert (share.signed, share.total, share.registered, share.sheets) == (3, 3, False, 2)


def test_a_name_that_is_a_head_on_file_is_that_household(sign, group, round_):
    from households.models import Household

    Household.objects.filter(code=f"{CODE}2").update(head_name="田大山")
    sign([], "田 大 山\n向小河")
    rows = {row.name: row.household_id is not None for row in Signature.objects.all()}
    assert rows == {"田大山": True, "向小河": False}


def test_two_heads_of_one_name_must_be_ticked(sign):
    from households.models import Household

    Household.objects.filter(code__in=[f"{CODE}2", f"{CODE}3"]).update(head_name="田大山")
    with pytest.raises(BadInput) as refused:
        sign([], "田大山")
    assert "2 户户主叫田大山" in refused.value.fields["names"][0]


def test_the_denominator_is_the_registered_households_of_the_round_s_year(sign, group, round_):
    place = {"county": group.county, "township": group.township, "village": group.village}
    RegisteredPopulation.objects.update_or_create(group=group, year=round_.year, defaults={"households": 4, "persons": 12, **place})
    sign([1, 2])
    share = signed_share(round_, group)
    assert (share.signed, share.total, share.met, share.missing) == (2, 4, False, 1)
    sign([3], inside=b"more")
    assert signed_share(round_, group).met


@pytest.mark.parametrize("names, said", [("张三3", "不能有数字"), ("😀", "符号"), ("", "请勾选")])
def test_what_is_no_name_is_refused_with_its_line(sign, names, said):
    with pytest.raises(BadInput) as refused:
        sign([], names)
    assert said in str(refused.value.fields) and not Signing.objects.exists()


def test_a_household_of_another_group_is_not_on_the_sheet(sign):
    with pytest.raises(BadInput, match="没有保存"):
        sign([8])


def test_a_sheet_is_signed_between_the_opening_of_the_round_and_today(sign, round_):
    for day in (timezone.localdate() + timedelta(days=1), timezone.localdate(round_.opened_at) - timedelta(days=1)):
        with pytest.raises(BadInput) as refused:
            sign([1], day=day)
        assert "签字日期" in refused.value.fields["signed_on"][0]


@pytest.mark.parametrize("who, refusal", [("township", Denied), ("county", Denied), ("cadre2", NotFound), ("cadre_other", NotFound)])
def test_only_the_village_enters_signatures(sign, who, refusal):
    with pytest.raises(refusal):
        sign([1], who=who)
    assert AuditRow.objects.order_by("-seq").first().result == "denied"


def test_the_same_sheet_twice_is_one(sign):
    assert sign([1], key="k").pk == sign([1], key="k").pk == sign([1]).pk
    assert Signature.objects.count() == 1


def test_a_closed_round_takes_no_signature(sign, round_):
    type(round_).objects.update(status="closed")
    with pytest.raises(WrongState, match="已经结束"):
        sign([1])


def test_the_sheet_opens_for_those_who_may_and_the_reading_is_on_the_trail(sign, scope):
    row = sign([1])
    assert open_signing(scope=scope("county"), signing=str(row.uuid))[1] == pdf()
    assert AuditRow.objects.filter(action="signing.read", result="ok").count() == 1
    with pytest.raises(Denied):
        open_signing(scope=scope("viewer"), signing=str(row.uuid))


def test_the_page_of_the_group_the_village_list_and_the_household_say_how_many_have_signed(sign, login, scope, make_case, group):
    from households.models import Household

    RegisteredPopulation.objects.filter(group=group).delete()
    case = make_case(household=Household.objects.get(code=f"{CODE}1"))
    Hall(scope).decide("zp")
    sign([1, 2])
    client, address = login("cadre"), f"/rounds/2016-SB/groups/{GROUP}/signing/"
    assert "已达到三分之二" in client.get(address).content.decode()
    assert address in client.get("/rounds/2016-SB/villages/422827102200/").content.decode()
    text = client.get(f"/households/{case.household.code}/").content.decode()
    assert "三对面三签字" in text and "2 / 3 户" in text and "2 / 6" in text
