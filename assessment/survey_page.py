"""What the pages of the 六看 form show. Presentation only: no row is written, no figure is made here.

Where the county hides the score, points never reach the page at all: not in text, not in attributes (rulings, words on screen).
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from assessment.answers import decode, encode
from assessment.doubts_review import explanations_of, mend_address
from assessment.form_state import FormState
from assessment.models import Round, Score
from assessment.rubric import Indicator, Look, Rubric, Tier
from assessment.scoring import subtotals
from assessment.sources import KEYS, Source, source_of
from assessment.tiers import tier_of
from core.errors import BadInput
from core.web.way_back import carrying, way_back
from households.models import Household
from households.selectors_income import due_year

REVIEW = "review"
KEEP, THEIRS = "keep-", "theirs"
TO_FACTS, TO_MEND, PHOTOS = "facts-", "mend-", "photos"
# The published names of the six looks are sentences; bars and charts have room for a word.
SHORT_NAMES = {
    "三看家中装备洋不洋": "三看装备",
    "四看多少存款在银行": "四看存款",
    "五看劳动力强不强": "五看劳力",
    "六看家中有没有读书郎": "六看读书郎",
}
LONGEST_SHORT = 5
JUST_NOW = timedelta(minutes=10)


def short_name(name: str) -> str:
    return SHORT_NAMES.get(name, name[:LONGEST_SHORT])


@dataclass(frozen=True)
class Entry:
    """What one page of the form sends; names as the fields on it."""

    answers: dict[str, str]
    remarks: dict[str, str]
    notes: dict[str, str]
    surveyed_on: object = None
    surveyor_name: str = ""
    seen: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    code: str
    label: str
    points: int | None
    checked: bool
    from_facts: bool


@dataclass(frozen=True)
class Question:
    """One indicator as asked: options in plain words, what the facts say and where they are kept, and the ground of an answer against
    them. `followed` is the label that the answer had before the facts changed; None when they did not change it."""

    code: str
    number: int
    name: str
    choices: tuple[Choice, ...]
    answered: bool
    derived_code: str
    derived_label: str
    reason: str
    contradicted: bool
    note: str
    chosen_label: str
    source: Source | None
    followed: str | None


@dataclass(frozen=True)
class Step:
    """One look in the bar. `points` is None where the score is hidden."""

    code: str
    name: str
    short: str
    answered: int
    asked: int
    points: int | None
    max: int | None
    current: bool

    @property
    def done(self) -> bool:
        return self.answered == self.asked


@dataclass(frozen=True)
class Bar:
    steps: tuple[Step, ...]
    answered: int
    asked: int
    points: int | None
    tier: Tier | None
    tiers: tuple[Tier, ...]


def entry_of(data: QueryDict, rubric: Rubric) -> Entry:
    """Only what the page has sent: an answer that is not on it stays as stored, and so does one where the colleague's was chosen."""
    theirs = {name.removeprefix(KEEP) for name, value in data.items() if name.startswith(KEEP) and value == THEIRS}
    data = {name: value for name, value in data.items() if name not in theirs}
    answers = {item.code: data[item.code] for item in rubric.indicators if item.code in data}
    notes = {item.code: data[f"note-{item.code}"] for item in rubric.indicators if f"note-{item.code}" in data}
    seen = {item.code: data[f"seen-{item.code}"] for item in rubric.indicators if f"seen-{item.code}" in data}
    remarks = {look.code: data[f"remark-{look.code}"] for look in rubric.looks if f"remark-{look.code}" in data}
    text = data.get("surveyed_on", "").strip()
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if text and day is None:
        raise BadInput("调查日期不对，没有保存。", fields={"surveyed_on": ["调查日期须为真实的日期，如 2016-04-11。"]})
    return Entry(answers, remarks, notes, day, data.get("surveyor_name", ""), seen, explanations_of(data))


def version_of(data: QueryDict) -> int:
    text = data.get("version", "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadInput("页面不完整，请刷新后重填。", fields={"version": ["缺少草稿的版本。"]})
    return int(text)


def typed_over(state: FormState, data: QueryDict) -> FormState:
    """The state with what was typed on top, for a page that comes back with errors: nothing typed is lost.

    It keeps the version that the page was opened with: a refusal must not carry a save past what a colleague stored meanwhile.
    """
    ordinals = decode(state.rubric, state.answers)
    for item in state.rubric.indicators:
        known = {option.code: option.ordinal for option in item.options}
        if data.get(item.code) in known:
            ordinals[item.code] = known[data[item.code]]
    remarks = {
        look.code: data.get(f"remark-{look.code}", state.remarks.get(look.code, "")) for look in state.rubric.looks
    }
    notes = {
        item.code: data.get(f"note-{item.code}", state.notes.get(item.code, "")) for item in state.rubric.indicators
    }
    try:
        day = parse_date(data.get("surveyed_on", ""))
    except ValueError:
        day = None
    return replace(
        state, answers=encode(state.rubric, ordinals), remarks=remarks, notes=notes, version=_version_typed(data, state.version),
        surveyed_on=day or state.surveyed_on, surveyor_name=data.get("surveyor_name", state.surveyor_name),
    )  # fmt: skip


def _version_typed(data: QueryDict, stored: int) -> int:
    try:
        return version_of(data)
    except BadInput:
        return stored


def error_rows(
    error: BadInput | None, rubric: Rubric, current: str, address: Callable[[str], str]
) -> list[tuple[str, str, str]]:
    """(where, link, rest of the sentence) of every fault; an indicator's link is its name.

    A field of this page is an anchor, so that following it loses nothing typed.
    """
    look_of = {item.code: look.code for look in rubric.looks for item in look.indicators}
    rows = []
    for name, sentences in (error.fields if error else {}).items():
        there = look_of.get(name, current)
        anchor = "remark" if name in {look.code for look in rubric.looks} else name
        item = rubric.by_code.get(name)
        said = f"{item.code} {item.name}" if item else ""
        where = ("" if there == current else address(there)) + f"#{anchor}"
        for sentence in sentences:
            named = bool(said) and sentence.startswith(said)
            rows.append((where, item.name, sentence.removeprefix(said)) if named else (where, sentence, ""))
    return rows


def look_after(rubric: Rubric, code: str) -> str:
    codes = [look.code for look in rubric.looks]
    place = codes.index(code) + 1 if code in codes else len(codes)
    return codes[place] if place < len(codes) else REVIEW


def stays_at(rubric: Rubric, look: str, wanted: str) -> tuple[str, str]:
    """(look, #place) that a button of the form leads to: the next look, the one it names, or that of the indicator it names."""
    if wanted in rubric.by_code:
        return next(one.code for one in rubric.looks if rubric.by_code[wanted] in one.indicators), f"#{wanted}"
    return (look_after(rubric, look) if wanted == "next" else wanted), ""


def look_ahead(bar: Bar, code: str) -> Step | None:
    """The next look that has something left to answer, from the one behind `code` round to the one before it; None when only this one may."""
    place = next(number for number, step in enumerate(bar.steps) if step.code == code)
    return next((step for step in (*bar.steps[place + 1 :], *bar.steps[:place]) if not step.done), None)


def bar_of(state: FormState, current: str, *, hidden: bool) -> Bar:
    rows = subtotals(state.rubric, state.answers)
    steps = tuple(
        Step(
            row.code, short_name(row.name), short_name(row.name)[2:4] or row.name, row.answered, row.asked, None if hidden else row.points,
            None if hidden else row.max, row.code == current,
        )
        for row in rows
    )  # fmt: skip
    points = None if hidden else sum(row.points for row in rows)
    tier = None if hidden else tier_of(points, state.rubric.tiers)
    return Bar(
        steps,
        sum(row.answered for row in rows),
        sum(row.asked for row in rows),
        points,
        tier,
        () if hidden else state.rubric.tiers,
    )


def questions_of(state: FormState, look: Look, *, hidden: bool) -> tuple[Question, ...]:
    numbers = {item.code: number for number, item in enumerate(state.rubric.indicators, 1)}
    return tuple(_question(state, item, numbers[item.code], hidden) for item in look.indicators)


def _question(state: FormState, item: Indicator, number: int, hidden: bool) -> Question:
    chosen, derived = state.chosen[item.code], state.derived.get(item.code)
    by_facts = derived.option_code if derived else ""
    choices = tuple(
        Choice(
            option.code, option.label, None if hidden else option.points, bool(chosen and chosen.code == option.code),
            option.code == by_facts,
        )
        for option in item.options
    )  # fmt: skip
    return Question(
        code=item.code,
        number=number,
        name=item.name,
        choices=choices,
        answered=chosen is not None,
        derived_code=by_facts,
        derived_label=next((choice.label for choice in choices if choice.from_facts), ""),
        reason=derived.reason if derived else "",
        contradicted=bool(derived and chosen and chosen.code != by_facts),
        note=state.notes.get(item.code, ""),
        chosen_label=chosen.label if chosen else "",
        source=source_of(item),
        followed=state.followed.get(item.code),
    )


def to_do(state: FormState) -> list[dict[str, str]]:
    """What stands in the way of submission, each with the look it is on."""
    look_of = {item.code: look for look in state.rubric.looks for item in look.indicators}
    names = state.rubric.by_code
    rows = [(code, "还没有选") for code in state.missing]
    rows += [(item.code, f"与户信息不符（{item.reason}），请改选或写明依据") for item in state.unexplained]
    order = list(names)
    rows.sort(key=lambda row: order.index(row[0]))
    return [{"code": code, "look": look_of[code].code, "name": names[code].name, "text": text} for code, text in rows]


def followed_rows(state: FormState) -> list[tuple[str, str, str]]:
    """(indicator, answer before, answer now) of every answer that changed with the household's facts since the draft was saved."""
    now = state.chosen
    return [(state.rubric.by_code[code].name, before, now[code].label) for code, before in state.followed.items() if now[code]]


def way_out(household: Household, round_: Round, look: str, wanted: str, back: str = "") -> str:
    """Where a button leads that saves first and then leaves the form: the page of the facts behind an answer or a doubt, or of the look's
    photos; "" for the buttons that stay. `back` is where the form itself leads back to."""
    if wanted == PHOTOS:
        return reverse("household_photos", args=[household.code]) + f"?round={round_.code}&look={look}#add"
    back = carrying(reverse("survey", args=[household.code]) + f"?round={round_.code}&look={look or REVIEW}", back)
    if wanted.startswith(TO_MEND):
        return carrying(mend_address(household, wanted.removeprefix(TO_MEND)), back)
    key = wanted.removeprefix(TO_FACTS)
    if not wanted.startswith(TO_FACTS) or key not in KEYS:
        return ""
    if key == "income":
        return carrying(reverse("income_year", args=[household.code, due_year(household)]), back)
    return carrying(reverse("household_edit", args=[household.code]) + f"?section={key}", back)


def open_elsewhere(request: HttpRequest, household: Household, state: FormState) -> str:
    """Who has this draft open in another window, as far as it can be told without a write: it was saved minutes ago, and the caller did
    not come from a page of this form (trust 7). "" when nobody seems to."""
    if state.saved_at is None or timezone.now() - state.saved_at > JUST_NOW:
        return ""
    home = reverse("household", args=[household.code])
    came_from = urlsplit(request.headers.get("Referer", "")).path
    if state.saved_by != request.scope.actor_id:
        return "别人"
    return "" if came_from.startswith(home) and came_from != home else "您"


def frame(request: HttpRequest, household: Household, round_: Round) -> dict[str, object]:
    """What every page of the form has: place, round, who."""
    group = household.group.name if household.group else "未分组"
    address = carrying(f"?round={round_.code}" if request.GET.get("round") else "", way_back(request))
    return {
        "household": household,
        "round": round_,
        "group_name": group,
        "query": address,
        "place": [
            (household.county.name, ""),
            (household.township.name, reverse("households") + f"?township={household.township.code}"),
            (household.village.short_name, reverse("households") + f"?village={household.village.code}"),
            (f"{household.head_name}户", reverse("household", args=[household.code])),
            ("六看评估", ""),
        ],
        "round_label": round_.name,
        "round_url": reverse("round", args=[round_.code]),
        "today": timezone.localdate(),
    }


def table_of(rubric: Rubric, answers: str, score: Score | None, *, with_points: bool = True) -> list[dict[str, object]]:
    """The form as read: each look with its subtotal and every indicator with all options, the chosen one marked."""
    ordinals = decode(rubric, answers)
    points = score.look_points.split(",") if score and with_points else [""] * len(rubric.looks)
    return [
        {"look": look, "points": got, "rows": [_row(item, ordinals[item.code]) for item in look.indicators]}
        for look, got in zip(rubric.looks, points, strict=True)
    ]


def _row(item: Indicator, ordinal: int | None) -> dict[str, object]:
    chosen = None if ordinal is None else item.option(ordinal)
    marks = [{"label": option.label, "points": option.points, "on": option is chosen} for option in item.options]
    return {"item": item, "chosen": chosen, "marks": marks}


def ruler_of(rubric: Rubric, points: int) -> dict[str, object]:
    """Geometry of the score ruler: tiers as segments on 340 units, the household's mark on them."""
    scale = 340 / 101
    segments = [
        {
            "tier": tier,
            "x": round(10 + tier.min * scale, 1),
            "width": round((tier.max + 1 - tier.min) * scale - 2, 1),
            "middle": round(10 + (tier.min + tier.max + 1) / 2 * scale, 1),
            "css": tier.code.lower(),
            "short": _short(tier.name),
        }
        for tier in rubric.tiers
    ]
    middle = round(10 + (points + 0.5) * scale, 1)
    return {"segments": segments, "x": round(middle - 4, 1), "middle": min(max(middle, 26), 334)}


def _short(name: str) -> str:
    return name.removesuffix("贫困户").removesuffix("户") if len(name) > 3 else name.removesuffix("户")


def look_bars(rubric: Rubric, look_points: str) -> list[dict[str, object]]:
    """Points of each look out of its most, for the bars of the household page."""
    pairs = zip(rubric.looks, look_points.split(","), strict=True)
    return [{"name": short_name(look.name), "points": int(text), "max": look.weight} for look, text in pairs]


def tier_named(rubric: Rubric, code: str) -> Tier | None:
    return next((tier for tier in rubric.tiers if tier.code == code), None)
