"""The pages of the cadre's day, and a household of twelve with the longest names that has something to show on each of them."""

from types import SimpleNamespace
from uuid import uuid4

from django.http import QueryDict

from assessment.models import LookPhoto
from tests.browser.listed import FULL, LONGEST_HEAD
from tests.walk import exclusions, family, photos

FILE = f"/households/{FULL}0001/"
# The others are drawn by the same templates with the same kinds of boxes; CI time is short.
SECTIONS = ("members", "utilities", "assets", "monitor")
STEPS = ("add", "leave", "split", "transfer")
DAY = {
    "cadre": (
        *(f"{FILE}edit/?section={section}" for section in SECTIONS), f"{FILE}edit/?section=house&draft=1", f"{FILE}edit/?section=assets&next={FILE}",
        "{member}", f"{FILE}income/", f"{FILE}income/2016/", f"{FILE}family/", *(f"{FILE}family/{step}/" for step in STEPS), "/transfers/", "{transfer}",
        f"{FILE}exclusions/", f"{FILE}papers/", f"{FILE}papers/new/?kind=income", f"{FILE}papers/sign/?kind=survey", f"{FILE}photos/?look=A", "{photo}",
        "/papers/", "/coverage/", "/coverage/?list=children", "/coverage/?list=items", "/households/find/", "/doubts/", "{today}",
        "/doubts/counts/", "{doubt}", "/jobs/", f"/rounds/2016-SB/groups/{FULL}01/signing/",
    ),
    "township": ("/transfers/", f"{FILE}exclusions/", "/doubts/", "/doubts/counts/", "/coverage/", "/papers/"),
    "county": ("/manage/quality/", "/doubts/counts/", "/coverage/", f"{FILE}family/"),
}  # fmt: skip


def furnish(scope, cast, round_, household, make_doubt) -> SimpleNamespace:
    """Addresses of what was made: a photo, an override, a draft, a transfer that waits, doubts with long names."""
    from core.drafts import save_draft

    world = SimpleNamespace(scope=scope, cast=cast, round=round_, household=household)
    photos.furnish(world)
    exclusions.overridden(household, exclusions.SAVINGS, cast)
    family.furnish(world)
    household.memberships.first().person.__class__.objects.filter(memberships__household=household).update(
        name=LONGEST_HEAD
    )
    doubt = make_doubt(household, message=f"{LONGEST_HEAD}的年龄与在校生状况两处不一致，请核对户口册。")
    kept = {
        "kind": "household.edit",
        "subject": f"{household.code}/house",
        "data": QueryDict("area_m2=80"),
        "tab": str(uuid4()),
        "version": 0,
        "base_version": 1,
    }
    save_draft(scope=scope("cadre"), **kept)
    return SimpleNamespace(
        member=f"{FILE}members/{household.memberships.first().uuid}/", transfer=f"/transfers/{family.REQUEST}/", doubt=f"/doubts/{doubt.uuid}/", today=f"/doubts/today/?was={doubt.uuid}",
        photo=f"{FILE}photos/{LookPhoto.objects.get().uuid}/",
    )  # fmt: skip
