"""贫困农户评估表 as it is signed, and the score sheet that says why a household is in its tier."""

from django.utils import timezone

from assessment import survey_page
from assessment.answers import decode
from assessment.form_state import current_survey, derived_answers, open_remarks
from assessment.models import LookPhoto, Round, Survey, SurveyStatus
from assessment.rubric import Look, Rubric, Tier
from assessment.selectors_samples import inspected
from core.errors import WrongState
from households.models import Household
from households.papers_digest import digest_shown
from reports.papers.forms import head_of
from reports.papers.model import Area, Ask, Data
from reports.papers.words import day

NOT_ASSESSED = "这一户在本批次还没有评估表。可以先打印空白表，入户填好再录入。"


def survey(ask: Ask) -> Data:
    """评估表: every option with its box. Where the county hides the score, a form that is still to be answered shows no points."""
    household = None if ask.blank or isinstance(ask.target, Area) else ask.target
    form = _form(household, ask.round) if household else None
    round_, rubric = ask.round, _rubric_of(form, ask.round)
    remarks = open_remarks(form)[0] if form else {}
    decided = form is not None and form.status == SurveyStatus.SUBMITTED
    county = ask.target.village.county if isinstance(ask.target, Area) else ask.target.county
    shown = decided or not county.hide_score
    score = form.score if decided else None
    table = survey_page.table_of(rubric, form.answers if form else "-" * len(rubric.indicators), score)
    looks = [_look(part, remarks.get(part["look"].code, ""), shown) for part in table]
    return _head(ask, form) | {
        "round": round_.name, "rubric": rubric.code, "looks": looks, "with_points": shown, "points": str(score.points) if score else "",
        "tier": _tier_name(rubric, score.tier) if score else "", "draft": bool(form) and not decided,
        "surveyed_on": day(form.surveyed_on) if form else "", "surveyor": form.surveyor_name if form else "",
        "tiers": [_tier_words(tier) for tier in rubric.tiers] if shown else [],
    }  # fmt: skip


def _head(ask: Ask, form: Survey | None) -> Data:
    head = head_of(ask, signed=True)
    if form is None:
        return head
    version = f"评估表第 {form.revision} 版，户信息第 {form.household_version or form.household.version} 版"
    return head | {"version": version, "persons": str(form.persons or form.household.persons)}


def _form(household: Household, round_: Round) -> Survey:
    """The submitted form, else the draft; WrongState when there is neither."""
    form = current_survey(household, round_, SurveyStatus.SUBMITTED) or current_survey(household, round_, SurveyStatus.DRAFT)
    if form is None:
        raise WrongState(NOT_ASSESSED, code="not_assessed")
    return form


def _rubric_of(form: Survey | None, round_: Round) -> Rubric:
    return form.score.rubric.value if form and form.score else round_.rubric.value


def _look(part: Data, remark: str, shown: bool) -> Data:
    look: Look = part["look"]
    rows = [
        {
            "code": row["item"].code, "name": row["item"].name, "most": str(row["item"].weight) if shown else "",
            "got": str(row["chosen"].points) if row["chosen"] and shown else "",
            "marks": [{"on": mark["on"], "label": mark["label"], "points": str(mark["points"]) if shown else ""} for mark in row["marks"]],
        }
        for row in part["rows"]
    ]  # fmt: skip
    return {"name": look.name, "most": str(look.weight) if shown else "", "got": str(part["points"]) if shown else "", "rows": rows, "remark": remark}


def _tier_words(tier: Tier) -> str:
    return f"{tier.name} {tier.min}—{tier.max} 分"


def _tier_name(rubric: Rubric, code: str) -> str:
    tier = survey_page.tier_named(rubric, code)
    return tier.name if tier else ""


def score(ask: Ask) -> Data:
    """得分说明: each answer with its points of the most, and what it rests on: 户信息, a ground given, a remark, photos."""
    household, round_ = ask.target, ask.round
    form = current_survey(household, round_, SurveyStatus.SUBMITTED)
    if form is None or form.score is None:
        raise WrongState("这一户在本批次还没有提交评估表，没有得分可说明。", code="not_assessed")
    rubric = form.score.rubric.value
    remarks, notes = open_remarks(form)
    proof = _Proof(ordinals=decode(rubric, form.answers), reasons=_reasons(form, household, round_), notes=notes, photos=_photos(household, round_))
    got = form.score.look_points.split(",")
    looks = [_explained(look, points, remarks.get(look.code, ""), proof) for look, points in zip(rubric.looks, got, strict=True)]
    tier = survey_page.tier_named(rubric, form.score.tier)
    return _head(ask, form) | {
        "round": round_.name, "rubric": f"{form.score.rubric.code}，评估表校验码 {digest_shown(form.score.rubric_digest)}", "looks": looks,
        "points": str(form.score.points), "tier": tier.name if tier else "", "note": tier.note if tier else "",
        "tiers": [{"name": row.name, "range": f"{row.min}—{row.max} 分", "here": row.code == form.score.tier} for row in rubric.tiers],
        "surveyed_on": day(form.surveyed_on), "surveyor": form.surveyor_name, "submitted": day(timezone.localdate(form.submitted_at)) if form.submitted_at else "",
        "inspected": inspected(household, round_),
    }  # fmt: skip


class _Proof:
    """What the answers rest on, by indicator; photos by look."""

    def __init__(self, ordinals: dict, reasons: dict[str, str], notes: dict[str, str], photos: dict[str, int]) -> None:
        self.ordinals, self.reasons, self.notes, self.photos = ordinals, reasons, notes, photos

    def of(self, code: str) -> str:
        said = [f"户信息：{self.reasons[code]}" if code in self.reasons else "入户调查"]
        if self.notes.get(code):
            said.append(f"依据：{self.notes[code]}")
        return "；".join(said)


def _reasons(form: Survey, household: Household, round_: Round) -> dict[str, str]:
    """Reasons of answers that were taken from the facts: the same option follows from them still."""
    ordinals = decode(form.score.rubric.value, form.answers)
    follows = derived_answers(household, round_)
    return {code: item.reason for code, item in follows.items() if code in ordinals and item.option_code == f"{code}-{ordinals[code]}"}


def _photos(household: Household, round_: Round) -> dict[str, int]:
    counts: dict[str, int] = {}
    for look in LookPhoto.objects.filter(household=household, round=round_, removed_at__isnull=True).values_list("look", flat=True):
        counts[look] = counts.get(look, 0) + 1
    return counts


def _explained(look: Look, got: str, remark: str, proof: _Proof) -> Data:
    rows = []
    for item in look.indicators:
        ordinal = proof.ordinals[item.code]
        chosen = item.option(ordinal) if ordinal else None
        rows.append({
            "code": item.code, "name": item.name, "answer": chosen.label if chosen else "未答", "got": str(chosen.points) if chosen else "",
            "most": str(item.weight), "proof": proof.of(item.code),
        })  # fmt: skip
    photos = proof.photos.get(look.code, 0)
    return {"name": look.name, "got": got, "most": str(look.weight), "remark": remark, "photos": f"照片 {photos} 张" if photos else "没有照片", "rows": rows}
