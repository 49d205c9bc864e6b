"""A county with a list on its way: one village walked to its conclusion through the actions, the next one just begun."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from assessment import clock
from assessment.actions.cases import end_case
from assessment.actions.due import conclude_due
from assessment.actions.notices import NoticeText, post_sheet, start_notice
from assessment.actions.objections import lodge_objection
from assessment.models import Case, Notice, Objection, Sitting
from tests.assessment.meetings import Hall

HOME, NEAR, FAR, ROUND = "422827102200", "422827102201", "422827103200", "2016-SB"
TEXT = NoticeText("大河扶公〔2016〕4号", "12317", "大河镇扶贫办", "大河镇人民政府一楼", "大河镇人民政府")
POINTS = {"DOUDI": 45, "DIBAO": 58, "YIBAN": 75, "TUOPIN": 90}


@dataclass
class Walked:
    """Cases by what happened to them, and the papers on the way."""

    cases: dict[str, Case] = field(default_factory=dict)
    sittings: list[Sitting] = field(default_factory=list)
    notice: Notice | None = None

    def again(self, name: str) -> Case:
        return Case.objects.get(pk=self.cases[name].pk)


def walk(scope: Any, make_case: Any) -> Walked:
    """Eight households of the village meet every fate there is; two of the next village have their first meeting."""
    done = Walked()
    homes = (
        ("dibao", 58, 1, 2), ("doudi", 45, 1, 3), ("changed", 75, 2, 4), ("tuopin", 90, None, 1), ("rejected", 60, 1, 2),
        ("returned", 62, 2, 5), ("dead", 58, 1, 1),
    )  # fmt: skip
    for number, (name, points, group, members) in enumerate(homes, start=1):
        done.cases[name] = make_case(number=number, points=points, group=group, members=members)
    hall = Hall(scope)
    done.sittings += [hall.decide("zp", group=group) for group in (1, 2, None)]
    done.sittings.append(_with(hall, "cy", done.cases["rejected"], "reject"))
    done.sittings.append(_with(hall, "xh", done.cases["returned"], "return", return_to="zp"))
    code = done.cases["dead"].household.code
    end_case(scope=scope("township"), household_code=code, reason="died", note="户主去世，户内无人。")
    done.sittings.append(_with(hall, "xd", done.cases["changed"], "agree", category="DIBAO"))
    done.notice = notice(scope)
    conclude_due(done.notice.ends_at + timedelta(seconds=1))
    done.notice.refresh_from_db()
    for number in (21, 22):
        done.cases[f"near{number}"] = make_case(number=number, points=45, group=3, village_code=NEAR)
    done.sittings.append(near(scope).decide("zp", group=3, by="cadre2"))
    late = done.cases["late"] = make_case(number=8, points=60, group=3)
    Case.objects.filter(pk=late.pk).update(supplementary=True)  # as `open_cases` does after a first meeting
    return done


def near(scope: Any) -> Hall:
    return Hall(scope, village=NEAR)


def notice(scope: Any) -> Notice:
    """The village's notice, posted today on every sheet."""
    made = start_notice(scope=scope("township"), round_code=ROUND, stage="gs", village_code=HOME, text=TEXT)
    for sheet in made.sheets.all():
        post_sheet(
            scope=scope("cadre"), notice=str(made.uuid), sheet=str(sheet.uuid), posted_at=clock.now(),
            posted_place="村委会公示栏", posted_name="覃晓燕",
        )  # fmt: skip
    made.refresh_from_db()
    return made


def _with(hall: Hall, stage: str, case: Case, opinion: str, **more: Any) -> Sitting:
    """A meeting in which one household is the exception."""
    sitting = hall.ready(stage)
    hall.ballot(sitting, case, opinion, **more)
    return hall.close(sitting)


LODGER, PHONE, SAID = "向不平", "19012349876", "这一户的老人得了尿毒症，算得不对。"


def object_to(scope: Any, done: Walked) -> tuple[Notice, Objection]:
    """What was left goes on to a second notice, which is open; somebody objects to the late household."""
    hall = Hall(scope)
    for group in (2, 3):
        hall.decide("zp", group=group)
    for stage in ("cy", "xh", "xd"):
        hall.decide(stage)
    shown = notice(scope)
    objection = lodge_objection(
        scope=scope("cadre"), round_code=ROUND, village_code=HOME, kind="wrong", channel="village", text=SAID,
        household_code=done.cases["late"].household.code, notice=str(shown.uuid), lodger=LODGER, phone=PHONE,
    )  # fmt: skip
    return shown, objection
