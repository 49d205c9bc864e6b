"""What the cadre's day adds to the marked household: card, phone and disability number, income, words of illness in every sealed text, a draft, a photo."""

import io
from datetime import date
from decimal import Decimal

from assessment.actions.photos import add_photo
from assessment.shots import Shot
from households.actions.exclusions import Override, ask_exclusions, override_exclusion
from households.actions.papers import add_paper
from households.consent import PaperEntry
from households.models import Doubt, Exclusion, Household
from tests.core.scan_files import pdf, photo
from tests.ground import made_up_id

CARD, MEMBER_PHONE = "6217003690007654327", "19034561237"
DISABILITY = f"{made_up_id(4_200_001)}43"
"""Of the second member of the canary, whose number begins it."""
INCOME, PLACE = "6123457", "29.876543"
DRAFTED = "19045612378"
SAID = {kind: f"白血病每月输血之{place}" for kind, place in zip(("doubt", "exclusion", "draft"), "子丑寅", strict=True)}

MASKED = (CARD, MEMBER_PHONE, DISABILITY, DRAFTED)
"""Shown whole to nobody unasked, or to the household's village alone."""
TOLD = (*SAID.values(),)
AMOUNTS = (INCOME,)
EVERYTHING = (*MASKED, *AMOUNTS, *TOLD)


def live(cadre, scope, code: str, round_code: str, phone: str) -> dict[str, str]:
    """Every door of the day once, by its own page where that is short; answers {name: address} of the pages where it is seen again."""

    def version() -> str:
        return str(Household.objects.get(code=code).version)

    home = Household.objects.get(code=code)
    wife = home.memberships.exclude(relation="01").get()
    pages = {"member": f"/households/{code}/members/{wife.uuid}/", "income": f"/households/{code}/income/2015/"}
    basic = {"section": "home", "cause": "01", "attribute": "01", "exit_status": "0", "phone": phone, "bank_name": "农村信用社", "bank_card": CARD}
    person = {
        "name": "田小水", "relation": "99", "phone": MEMBER_PHONE, "disability_number": DISABILITY, "disability_kind": "1", "disability_grade": "3",
        "health": "04",
    }  # fmt: skip
    for address, form in ((f"/households/{code}/edit/", basic), (pages["member"], person), (pages["income"], {"wage": INCOME, "persons": "2"})):
        answer = cadre.post(address, form | {"version": version()})
        assert answer.status_code == 302, (address, answer.status_code, answer.content.decode().partition('id="eh"')[2][:500])
    doubt = Doubt.objects.filter(household=home, severity="warning", state="open").first()
    assert doubt, list(Doubt.objects.values_list("rule", "severity"))
    assert cadre.post(f"/doubts/{doubt.uuid}/", {"version": str(doubt.version), "reason": SAID["doubt"]}).status_code == 302
    _asked(scope, code, round_code)
    typed = {"draft-kind": "member", "draft-subject": f"{code}/{wife.uuid}", "draft-tab": "0" * 12, "phone": DRAFTED, "name": SAID["draft"]}
    assert cadre.post("/drafts/", typed).status_code == 302
    pages |= {name: f"/households/{code}/{name}/" for name in ("family", "papers", "exclusions", "photos")}
    pages |= {f"paper {name}": f"/papers/{name}/{code}/" for name in ("application", "wish", "income", "card", "plate", "survey", "score")}
    pages |= {"doubt": f"/doubts/{doubt.uuid}/", "doubts": "/doubts/?state=all&severity=all"}
    return pages | {"roster": "/papers/roster/422827102200/", "transfers": "/transfers/", "coverage": "/coverage/"}


def _asked(scope, code: str, round_code: str) -> None:
    """By the actions behind the pages: an exclusion overridden, a photo, a signed paper."""

    def version() -> int:
        return Household.objects.get(code=code).version

    ask_exclusions(scope=scope, household=code, answers={"04": True}, version=0)
    override_exclusion(scope=scope, household=code, entry=Override("04", SAID["exclusion"]), file=io.BytesIO(pdf()), version=Exclusion.objects.get().version)
    shot = Shot(latitude=Decimal(PLACE), longitude=Decimal("109.876541"))
    add_photo(scope=scope, household_code=code, round_code=round_code, look="A", file=io.BytesIO(photo()), shot=shot)
    head = Household.objects.get(code=code).memberships.get(relation="01")
    entry = PaperEntry("application", date.today(), signer=str(head.uuid), surveyor_name="覃晓燕", face_to_face=True)
    add_paper(scope=scope, household=code, entry=entry, file=io.BytesIO(pdf()))
