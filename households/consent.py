"""The papers that a household signs itself: which there are, what each says, who may sign and when (A8-01, A8-13, B-19). Pure.

四不：不设置前提，不附加条件，不替人当家，不代人算账. Kinds are those of the stored paper.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.periods import age_on

APPLICATION, WISH, REGISTRATION, SURVEY, INCOME = "application", "wish", "registration", "survey", "income"
ADULT = 18
LATE_YEARS = 3


@dataclass(frozen=True, slots=True)
class SignedPaper:
    """`of_round`: it counts for one round only. `of_year`: it belongs to an income year. `both`: the surveyor signs beside the household.
    `text` is what the household reads before it signs on the screen."""

    kind: str
    name: str
    text: str
    of_round: bool = False
    of_year: bool = False
    both: bool = False


SIGNED = (
    SignedPaper(APPLICATION, "贫困农户申请书", "本户因生活困难，自愿申请列为贫困农户，接受入户调查、群众评议和公示，所报情况属实。", of_round=True),
    SignedPaper(WISH, "贫困农户脱贫意愿书", "本户愿意在帮扶下靠自己的劳动脱贫，配合落实帮扶措施，达到标准后如实申报退出。", of_round=True),
    SignedPaper(REGISTRATION, "贫困农户基本情况登记表", "登记表上的家庭成员、住房、生产生活情况已逐项念给本户听，与实际相符。"),
    SignedPaper(SURVEY, "贫困农户评估表", "调查员入户当面逐项询问，评估表的回答与本户实际相符。", of_round=True, both=True),
    SignedPaper(INCOME, "收入测算表", "收入和支出由本户当面逐项算清，数目与本户实际相符，没有替本户算账。", of_year=True, both=True),
)
BY_KIND = {paper.kind: paper for paper in SIGNED}


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """What is entered of a paper. `signer` is the uuid of a membership; by proxy the family member is named instead, with the reason."""

    kind: str
    signed_on: date | None
    signer: str = ""
    by_proxy: bool = False
    proxy_name: str = ""
    proxy_relation: str = ""
    proxy_reason: str = ""
    surveyor_name: str = ""
    face_to_face: bool = False
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: a member of the household, or somebody of the family in its place."""

    name: str
    relation: str = ""
    birth: date | None = None
    by_proxy: bool = False
    proxy_reason: str = ""


def signer_faults(signer: Signer, signed_on: date, helpers: Iterable[str]) -> dict[str, str]:
    """Field → reason. `helpers` are the names of those who keep this village's files: they sign for nobody (A8-13)."""
    faults = {}
    if not signer.name:
        faults["signer"] = "请选签字人。"
    elif signer.name in set(helpers):
        where = "proxy_name" if signer.by_proxy else "signer"
        faults[where] = "帮扶、驻村和村里办理扶贫的人不能替农户签字；是本户人员同名的，请由另一位干部办理。"
    elif not signer.by_proxy and signer.birth is not None and age_on(signer.birth, signed_on) < ADULT:
        faults["signer"] = f"签字时不满 {ADULT} 周岁，请由成年家人签字。"
    if signer.by_proxy and not signer.proxy_reason:
        faults["proxy_reason"] = "请选代签原因。"
    return faults


def day_faults(signed_on: date | None, registered_on: date, today: date) -> dict[str, str]:
    if signed_on is None:
        return {"signed_on": "请填签字日期。"}
    if signed_on > today:
        return {"signed_on": "签字日期不能晚于今天。"}
    if signed_on < registered_on:
        return {"signed_on": f"这一户 {registered_on:%Y-%m-%d} 才登记，签字日期不能早于这一天。"}
    return {}


def year_fault(year: int | None, today: date) -> str:
    """收入年度 that a sheet is signed for."""
    if year is None:
        return "请填收入年度。"
    return "" if today.year - LATE_YEARS <= year <= today.year + 1 else f"收入年度须在 {today.year - LATE_YEARS} 至 {today.year + 1} 之间。"
