"""变动 of a family: who may be the next head, what each becomes to the new head, which reason and date a step may have. Pure.

Every rule answers with a Chinese reason, '' or an empty list where nothing stands in the way (issue "members with dated membership",
ruling 1, trust 86, 88, 89). A day is the first day of the new state: who dies on the 5th is counted up to the 4th.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.periods import age_on
from households.codes import BY_ACTION_ONLY, JOINING, LEAVING, RELATION, RELATION_SEX

HEAD, SPOUSE = "01", "02"
OF_AGE, FIT_TO_HEAD = 18, 16
_CHILD, _IN_LAW, _GRANDCHILD, _PARENT = ("03", "04"), ("05", "06"), ("07", "08", "09", "10"), ("11", "12", "13", "14", "15", "16")

BACK_FROM = {"study": "from_study", "army": "from_army", "prison": "from_prison", "died": "missed"}
"""The reason of coming back, by the reason of having left; every other one comes back as 迁入. A death that was entered by mistake is
undone by 补录漏登."""
_BACK_ONLY = frozenset({"from_study", "from_army", "from_prison"})
ADD_REASONS = tuple(code for code in JOINING.items if code not in BY_ACTION_ONLY | _BACK_ONLY)
LEAVE_REASONS = tuple(code for code in LEAVING.items if code not in BY_ACTION_ONLY)
REOPEN_REASONS = {"mistake": "离户登记有误，人没有离开（误登更正）", "back": "人离开过，现在回来住了"}
TRANSFER_REASONS = ("married", "divorced", "adopted", "moved", "other")
"""Why somebody changes the household; both memberships carry 转户, the event the reason behind it."""

_RELATIONS = {
    "birth": (*_CHILD, *_GRANDCHILD, "22", "23"),
    "married_in": (SPOUSE, *_IN_LAW, "26"),
    "adopted_in": (*_CHILD, *_GRANDCHILD),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """When, why in words (sealed when stored), and by which paper."""

    on: date
    note: str = ""
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Kin:
    """A living member as these rules see one."""

    uuid: str
    name: str
    relation: str
    sex: str = ""
    birth: date | None = None


def relations_for(reason: str) -> tuple[str, ...]:
    """Relations to the head that a joining reason allows; nobody joins as head, that is a step of its own."""
    return _RELATIONS.get(reason) or tuple(code for code in RELATION.items if code != HEAD)


def joining_faults(
    *, reason: str, relation: str, birth: date | None, since: date, opened: date, today: date, last_left: date | None = None
) -> dict[str, list[str]]:
    """{field: reasons} against joining: fields reason, relation, on, birth. `opened` is the day the household begins, `last_left` the day
    the person left the household before."""
    faults: dict[str, list[str]] = {}
    if reason not in JOINING.items:
        faults["reason"] = ["请选入户原因。"]
    if relation == HEAD or relation not in RELATION.items:
        faults["relation"] = ["请选与户主关系；改户主请办“户主变更”。"]
    elif relation not in relations_for(reason):
        faults["relation"] = [f"“{JOINING.label(reason)}”入户的，与户主关系应是：{RELATION.labels(list(relations_for(reason)))}。"]
    if reason == "birth" and birth is None:
        faults["birth"] = ["出生入户的要填出生日期。"]
    elif reason == "birth" and birth != since:
        faults["on"] = ["出生入户的，入户日期就是出生日期。"]
    elif fault := _day_fault(since, today=today, birth=birth, opened=opened):
        faults["on"] = [fault]
    if last_left and since < last_left:
        faults["on"] = [f"这个人到 {_cn(last_left)} 才离开原来的户，入户日期不能更早。"]
    return faults


def leaving_faults(*, reason: str, on: date, since: date, birth: date | None, today: date) -> dict[str, list[str]]:
    """{field: reasons} against one member leaving: fields reason, on."""
    faults: dict[str, list[str]] = {}
    if reason not in LEAVING.items:
        faults["reason"] = ["请选离户原因。"]
    if on > today:
        faults["on"] = ["日期不能晚于今天。"]
    elif birth and on < birth:
        faults["on"] = [f"日期不能早于出生日期 {_cn(birth)}。"]
    elif on < since:
        faults["on"] = [f"日期不能早于入户日期 {_cn(since)}。"]
    return faults


def step_day_fault(on: date, *, starts: Iterable[date], today: date) -> str:
    """A step that moves people between households may not lie before any of them was where it is now, nor in the future."""
    latest = max(starts, default=None)
    if on > today:
        return "日期不能晚于今天。"
    if latest and on < latest:
        return f"日期不能早于 {_cn(latest)}：那一天以前，户或成员还不在现在的地方。"
    return ""


def _day_fault(on: date, *, today: date, birth: date | None, opened: date) -> str:
    if on > today:
        return "日期不能晚于今天。"
    if birth and on < birth:
        return f"日期不能早于出生日期 {_cn(birth)}。"
    if on < opened:
        return f"日期不能早于本户登记的日期 {_cn(opened)}；更早就在户里的，办“补录漏登”，日期填登记那天。"
    return ""


def head_fault(kin: Kin, members: Sequence[Kin], on: date) -> str:
    """Why this member may not be head: a child, while an adult is in the household."""
    if _age(kin, on) >= FIT_TO_HEAD or not any(_age(other, on) >= OF_AGE for other in members if other.uuid != kin.uuid):
        return ""
    return f"{kin.name}未满 {FIT_TO_HEAD} 周岁，户内还有成年人。"


def heads_suggested(members: Sequence[Kin], on: date) -> list[tuple[Kin, str]]:
    """Who could be the next head, best first, each with the reason; the head there is now and children beside adults are left out."""
    fit = [kin for kin in members if kin.relation != HEAD and not head_fault(kin, members, on)]
    return [(kin, why) for _, _, kin, why in sorted(((*_rank(kin, on), kin, _why(kin)) for kin in fit), key=lambda row: row[:2])]


def _rank(kin: Kin, on: date) -> tuple[int, str]:
    """Spouse, adult children, their spouses, parents, others of age, children; the eldest first."""
    kinds = ((SPOUSE,), _CHILD, _IN_LAW, _PARENT)
    place = next((number for number, codes in enumerate(kinds) if kin.relation in codes), len(kinds))
    of_age = _age(kin, on) >= OF_AGE
    return (place if of_age else len(kinds) + 1, f"{kin.birth or date.max} {kin.uuid}")


def _why(kin: Kin) -> str:
    return RELATION.items.get(kin.relation, "").removeprefix("之") or "成员"


def _age(kin: Kin, on: date) -> int:
    """Who has no birth date on file counts as of age: the number's check says so elsewhere."""
    return age_on(kin.birth, on) if kin.birth and kin.birth <= on else (OF_AGE if kin.birth is None else 0)


def _cn(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# --- what each is to the new head --------------------------------------------------------------------------------------------------

_BY_SEX = {"M": 0, "F": 1}
_SPOUSE_TAKES = {
    # The spouse becomes head: children stay children, the spouse's own parents become 父母.
    **{code: code for code in (*_CHILD, *_IN_LAW, *_GRANDCHILD, "22", "23")},
    "13": "11", "14": "12", "15": "11", "16": "12",
}  # fmt: skip
_PAIRS = {
    # (what the new head was, what the other was): (to a man, to a woman), by the other's sex.
    ("child", HEAD): ("11", "12"), ("child", SPOUSE): ("11", "12"), ("child", "child"): ("21", "21"),
    ("daughter_in_law", HEAD): ("15", "16"), ("daughter_in_law", SPOUSE): ("15", "16"),
    ("son_in_law", HEAD): ("13", "14"), ("son_in_law", SPOUSE): ("13", "14"),
    ("parent", HEAD): ("03", "04"), ("parent", SPOUSE): ("06", "05"), ("parent", "parent"): ("02", "02"), ("parent", "21"): ("03", "04"),
    ("parent_in_law", HEAD): ("06", "05"), ("parent_in_law", SPOUSE): ("03", "04"), ("parent_in_law", "parent_in_law"): ("02", "02"),
    ("grandchild", HEAD): ("17", "18"), ("grandchild", SPOUSE): ("17", "18"),
    ("daughters_child", HEAD): ("19", "20"), ("daughters_child", SPOUSE): ("19", "20"),
    ("21", HEAD): ("21", "21"), ("21", "21"): ("21", "21"), ("21", "parent"): ("11", "12"), ("21", "grandparent"): ("17", "18"),
}  # fmt: skip
_KINDS = {
    "03": "child", "04": "child", "05": "daughter_in_law", "06": "son_in_law", "07": "grandchild", "08": "grandchild",
    "09": "daughters_child", "10": "daughters_child", "11": "parent", "12": "parent", "13": "parent_in_law", "14": "parent_in_law",
    "15": "parent_in_law", "16": "parent_in_law", "17": "grandparent", "18": "grandparent",
}  # fmt: skip


def relation_to(head: Kin, other: Kin, old_head_sex: str = "") -> str:
    """What `other` is to the new head `head`, both told by what they were to the old one; '' where that does not follow and is asked."""
    if head.relation == SPOUSE:
        return _to_spouse(head, other)
    pair = _PAIRS.get((_KINDS.get(head.relation, head.relation), _KINDS.get(other.relation, other.relation)))
    if pair:
        return pair[0] if pair[0] == pair[1] else (pair[_BY_SEX[other.sex]] if other.sex else "")
    if _KINDS.get(head.relation) == "parent" and other.relation in _CHILD and old_head_sex:
        sons = ("07", "08") if old_head_sex == "M" else ("09", "10")
        return sons[_CHILD.index(other.relation)]
    if _KINDS.get(head.relation) == "child" and other.relation in ("11", "12") and old_head_sex:
        elders = ("17", "18") if old_head_sex == "M" else ("19", "20")
        return elders[("11", "12").index(other.relation)]
    return ""


def _to_spouse(head: Kin, other: Kin) -> str:
    if other.relation == HEAD:
        return SPOUSE
    if other.relation in ("11", "12") and head.sex:
        return {"11": ("13", "15"), "12": ("14", "16")}[other.relation][_BY_SEX[head.sex]]
    return _SPOUSE_TAKES.get(other.relation, "")


def relations_faults(members: Sequence[Kin], head: str, relations: Mapping[str, str]) -> dict[str, list[str]]:
    """{member uuid: reasons} against the relations to the head `head` of all the others of `members`."""
    faults: dict[str, list[str]] = {}
    spouses = [kin.uuid for kin in members if kin.uuid != head and relations.get(kin.uuid) == SPOUSE]
    for kin in members:
        code = relations.get(kin.uuid, "")
        if kin.uuid == head:
            continue
        if code not in RELATION.items or code == HEAD:
            faults[kin.uuid] = [f"请选{kin.name}与新户主的关系。"]
        elif kin.sex and RELATION_SEX.get(code, kin.sex) != kin.sex:
            faults[kin.uuid] = [f"{kin.name}与新户主的关系和性别不符。"]
        elif code == SPOUSE and len(spouses) > 1:
            faults[kin.uuid] = ["有两名配偶，请核对与新户主的关系。"]
    return faults


def reopening_fault(*, reason: str, left_for: str, lived_elsewhere: bool) -> str:
    """Why somebody whose leaving closed the household cannot be its member again for this reason."""
    if reason == "back" and left_for == "died":
        return "登记的是死亡。登记有误的，选“离户登记有误”。"
    if reason == "mistake" and lived_elsewhere:
        return "离户以后在另一户登记过，不是误登。回来住的，选“人离开过，现在回来住了”。"
    return ""


def split_fault(staying: int, going: int) -> str:
    """Both households keep somebody."""
    if not going:
        return "请选分出去的成员。"
    return "" if staying else "不能把全家都分出去。全户搬到别处的，请办“迁移”。"
