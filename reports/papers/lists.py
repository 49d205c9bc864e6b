"""Papers of an area: 花名册, and the list of a group or village at a stage."""

from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone

from assessment.models import Opinion, Verdict
from assessment.procedures import Stage, procedure_of
from assessment.workflow import ListKind, list_kind
from core.errors import NotFound, WrongState
from core.ids import mask_id
from core.scope import FieldClass, Scope
from households import codes
from households.models import Household, Membership
from households.secrets import reveal
from reports.papers.forms import age_shown
from reports.papers.model import Area, Ask, Data
from reports.papers.words import UNGROUPED, day, place_of

MASKED_WORD = "＊＊"
MOST_HOUSEHOLDS = 1500
CODE_TAIL = 4


def area_head(area: Area) -> Data:
    return {"place": place_of(area.village, area.group), "area": area.name, "version": "", "check": ""}


def roster(ask: Ask) -> Data:
    """花名册: a row a person, the head first; numbers and illness as far as the caller's field classes go."""
    households = list(registered_in(ask.scope, ask.target)[: MOST_HOUSEHOLDS + 1])
    if len(households) > MOST_HOUSEHOLDS:
        raise WrongState(f"这里超过 {MOST_HOUSEHOLDS} 户，请按组打印。", code="too_many")
    people = _members(households)
    rows = [row for household in households for row in _rows(ask.scope, household, people.get(household.pk, []))]
    total = sum(len(people.get(row.pk, [])) for row in households)
    return area_head(ask.target) | {"rows": rows, "households": str(len(households)), "persons": str(total), "day": day(timezone.localdate())}


def registered_in(scope: Scope, area: Area):
    """Households of the area that exist today, by group and code."""
    rows = Household.objects.visible_to(scope).registered().filter(**area.filters)
    return rows.select_related("county", "township", "village", "group").order_by(F("group__number").asc(nulls_last=True), "code")


def _members(households: Sequence[Household]) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = {}
    rows = Membership.objects.current().filter(household__in=[row.pk for row in households]).select_related("person").order_by("relation", "code", "pk")
    for row in rows:
        found.setdefault(row.household_id, []).append(row)
    return found


def _rows(scope: Scope, household: Household, members: Sequence[Membership]) -> list[Data]:
    identity, health = (scope.may_see(kind, household) for kind in (FieldClass.IDENTITY, FieldClass.HEALTH))
    group = household.group.name if household.group else UNGROUPED
    today = timezone.localdate()
    return [
        {
            "first": number == 0, "group": group, "code": household.code if number == 0 else "", "name": row.person.name,
            "relation": codes.RELATION.items.get(row.relation, ""), "sex": row.person.get_sex_display(), "age": age_shown(row, today),
            "identity": _identity(row, may=identity), "education": codes.EDUCATION.items.get(row.education, ""),
            "health": _health(row, may=health), "skill": codes.SKILL.items.get(row.skill, ""),
            "attribute": codes.ATTRIBUTE.items.get(household.attribute, "") if number == 0 else "",
        }
        for number, row in enumerate(members)
    ]  # fmt: skip


def _identity(row: Membership, *, may: bool) -> str:
    if not row.person.id_enc:
        return "未登记"
    return reveal(row.person, "id") if may else mask_id("0" * 18)


def _health(row: Membership, *, may: bool) -> str:
    if not row.health:
        return ""
    return "、".join(codes.HEALTH.items.get(code, "") for code in row.health.split(",") if code) if may else MASKED_WORD


def stage_list(ask: Ask) -> Data:
    """备选、拟选、初选、公示名单: whom the stage agreed to list, with tier and persons; households found poor, those that leave the register
    and those on neither are lists of their own (A9-03). No number, no illness, no cause."""
    stage = stage_of(ask)
    rows = agreed(ask, stage).select_related("case__household", "case__group", "survey", "score")
    names = {tier.code: tier.name for tier in ask.round.rubric.value.tiers}
    lines = [_line(row, names) for row in rows]
    by_tier = {name: sum(line["tier"] == name for line in lines) for name in names.values()}
    return area_head(ask.target) | {
        "title": stage.list_name, "stage": stage.name, "round": ask.round.name, "lists": _lists(stage, lines), "with_groups": ask.target.group is None,
        "households": str(len(lines)), "persons": str(sum(int(line["persons"]) for line in lines)),
        "tiers": [f"{name} {count} 户" for name, count in by_tier.items() if count], "day": day(timezone.localdate()),
        "public": stage.notice is not None,
    }  # fmt: skip


def _lists(stage: Stage, lines: Sequence[Data]) -> list[Data]:
    """贫困户备选名单, 脱贫户备选名单, 未列入贫困户; an empty list says so where its households could have been."""
    found = []
    for kind in ListKind:
        own = [line for line in lines if line["kind"] == kind]
        name = kind.value if kind is ListKind.NONE else f"{kind.value}{stage.list_name.removeprefix(kind.value)}"
        if own or kind is ListKind.ENTRY:
            found.append({"title": name, "lines": own, "count": f"{len(own)} 户 {sum(int(line['persons']) for line in own)} 人"})
    return found


def stage_of(ask: Ask) -> Stage:
    """The stage asked for, or the furthest that has agreed to anybody here; NotFound for one that the procedure does not have."""
    stages = procedure_of(ask.round.procedure).stages
    if ask.stage:
        found = next((stage for stage in stages if stage.code == ask.stage), None)
        if found is None:
            raise NotFound("本批次的程序没有这个阶段。")
        return found
    reached = [stage for stage in stages if agreed(ask, stage).exists()]
    return reached[-1] if reached else stages[0]


def agreed(ask: Ask, stage: Stage):
    area: Area = ask.target
    place = {f"case__{name}": value for name, value in area.filters.items()}
    rows = Verdict.objects.visible_to(ask.scope).standing().filter(case__round=ask.round, stage=stage.code, opinion=Opinion.AGREE, **place)
    return rows.order_by(F("case__group__number").asc(nulls_last=True), "case__household__code")


def _line(row: Verdict, names: dict[str, str]) -> Data:
    case = row.case
    return {
        "group": case.group.name if case.group_id else UNGROUPED, "head": case.household.head_name, "tail": case.household.code[-CODE_TAIL:],
        "persons": str(row.survey.persons if row.survey_id else case.household.persons), "tier": names.get(row.category, ""),
        "kind": list_kind(row.category, on_register=bool(case.household.exit_status)),
    }  # fmt: skip
