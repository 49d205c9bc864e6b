"""A village in the middle of everything, with the longest names: ground for looking at every page of the list."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from assessment.actions.objections import confirm_outcome, lodge_objection, propose_outcome, take_objection
from assessment.actions.panels import PanelEntry, save_panel
from assessment.models import Notice, Panel
from households.models import Household
from tests.assessment.meetings import Hall, persons
from tests.assessment.notice_ground import post, reach_notice, start

__all__ = ["FULL", "LONGEST", "LONGEST_HEAD", "listed", "post", "reach_notice", "start"]

FULL = "422827102200"
LONGEST = "恩施土家族苗族自治州来凤县大河镇白果树坪五道水张家界移民新村社区居民委员会"
LONGEST_HEAD = "阿卜杜热西提·阿卜杜拉赫曼·买买提明"


@pytest.fixture
def listed(places, cast, scope, round_, make_case, reach_notice, start, post):
    """Addresses: 乡核 open with one household answered, 组评 closed, a panel, a notice on show, one to be posted, three objections."""
    village = places.villages[FULL]
    village.name = LONGEST
    village.save()
    found = _meetings(Hall(scope), make_case)
    shown, later = _notices(reach_notice, start, post)
    taken, proposed, settled = (_objection(scope, f"{FULL}00{10 + steps}", steps) for steps in (1, 2, 3))
    return SimpleNamespace(
        **found, notice=f"/notices/{shown.uuid}/", notice_uuid=shown.uuid, token=shown.token, preparing=f"/notices/{later.uuid}/",
        panel=f"/panels/{_panel(scope).uuid}/", taken=taken, objection=proposed, settled=settled, file_on_show=f"/households/{FULL}0014/",
    )  # fmt: skip


def _meetings(hall: Hall, make_case) -> dict[str, object]:
    cases = [make_case(number=number) for number in (1, 2, 3)]
    closed = hall.decide("zp")
    hall.decide("cy")
    sitting = hall.ready("xh", group=None)
    hall.ballot(sitting, cases[0], "return", reasons=("no_proof",))
    make_case(number=4, group=3)
    return {
        "township_desk": f"/sittings/{sitting.uuid}/", "township_uuid": sitting.uuid, "closed_desk": f"/sittings/{closed.uuid}/",
        "case_uuid": cases[1].uuid,
    }  # fmt: skip


def _notices(reach_notice, start, post) -> tuple[Notice, Notice]:
    """One on show, a supplementary one to be posted, and a household that waits for the next."""
    for number in (11, 12, 13, 14):
        reach_notice(number, group=2)
    Household.objects.update(head_name=LONGEST_HEAD)
    shown = post(start())
    reach_notice(15, group=2)
    later = start()
    reach_notice(16, group=2)
    return shown, later


def _panel(scope) -> Panel:
    entry = PanelEntry("inspection", "大河镇清查组", persons(5), township_code="422827102")
    return save_panel(scope=scope("township"), entry=entry)


def _objection(scope, household: str, steps: int) -> str:
    """Lodged and taken; with 2 steps proposed, with 3 settled."""
    said = {"kind": "wrong", "channel": "village", "text": "他家今年新建了两层楼房，邻居都知道。", "lodger": "覃世华"}
    made = lodge_objection(
        scope=scope("cadre"), round_code="2016-SB", village_code=FULL, household_code=household, **said
    )
    officer = {"scope": scope("township2"), "code": made.code}
    take_objection(**officer)
    if steps > 1:
        propose_outcome(**officer, proposal="keep", finding="入户看过，不是他的房子。", visited_on=timezone.localdate())
    if steps > 2:
        answer = {"accept": True, "answer": "经核查，维持原结果。", "outcome": "keep"}
        confirm_outcome(scope=scope("county2"), code=made.code, **answer)
    return f"/objections/{made.code}/"
