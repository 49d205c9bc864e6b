"""The papers that can be printed, in the order in which they are offered."""

from accounts import roles
from core.scope import FieldClass
from reports.papers import forms, lists, meetings, scoring
from reports.papers.model import Level, Paper

IDENTITY, CONTACT, HEALTH, FINANCE = FieldClass.IDENTITY, FieldClass.CONTACT, FieldClass.HEALTH, FieldClass.FINANCE
_ALL = (
    Paper("application", "贫困农户申请书", Level.HOUSEHOLD, roles.PAPER_PRINT, forms.application, "理由由本户自己写", (FINANCE,), may_be_blank=True, in_bulk=True),
    Paper("wish", "贫困农户脱贫意愿书", Level.HOUSEHOLD, roles.PAPER_PRINT, forms.wish, "想做的事由本户自己写", may_be_blank=True, in_bulk=True),
    Paper(
        "registration", "贫困农户基本情况登记表", Level.HOUSEHOLD, roles.PAPER_PRINT, forms.registration, "全部户情和成员",
        (IDENTITY, CONTACT, HEALTH, FINANCE), may_be_blank=True, in_bulk=True,
    ),
    Paper("survey", "贫困农户评估表", Level.HOUSEHOLD, roles.PAPER_PRINT, scoring.survey, "六看各项和签字", (HEALTH, FINANCE), may_be_blank=True, in_bulk=True),
    Paper("income", "收入测算表", Level.HOUSEHOLD, roles.PAPER_PRINT, forms.income, "由户里自报，不代算", (FINANCE,), may_be_blank=True, in_bulk=True),
    Paper("score", "得分说明", Level.HOUSEHOLD, roles.PAPER_PRINT, scoring.score, "每项答案、得分和依据", (HEALTH, FINANCE), in_bulk=True),
    Paper("card", "扶贫户卡", Level.HOUSEHOLD, roles.PAPER_PRINT, forms.card, "交户里保存，没有证件号码和病情", in_bulk=True),
    Paper("plate", "门牌", Level.HOUSEHOLD, roles.PAPER_PRINT, forms.plate, "只有致贫原因、脱贫需求、帮扶计划", in_bulk=True),
    Paper("roster", "花名册", Level.AREA, roles.LIST_VIEW, lists.roster, "一人一行；无权查看的号码以星号代替"),
    Paper("list", "各阶段名单", Level.AREA, roles.LIST_VIEW, lists.stage_list, "备选、拟选、初选、公示名单"),
    Paper("minutes", "会议记录", Level.SITTING, roles.LIST_VIEW, meetings.minutes, "组成人员、票数、结论", may_be_blank=True),
    Paper("ranking", "逐户排队结果", Level.SITTING, roles.LIST_VIEW, meetings.ranking, "各人位次、合计、划线", may_be_blank=True),
)  # fmt: skip
PAPERS: dict[str, Paper] = {paper.code: paper for paper in _ALL}


def of_level(level: Level) -> list[Paper]:
    return [paper for paper in _ALL if paper.level == level]
