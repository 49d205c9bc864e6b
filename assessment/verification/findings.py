"""What a check of a list says: where, which household, what; names of fields, never their values."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from households.models import Household, Membership

SHOWN_FIELDS = 6

_WORDS = {
    "case": "名单信息", "survey": "评估表", "score": "得分", "verdict": "决定", "previous": "前一决定的校验码", "format": "格式",
    "household": "户信息", "members": "家庭成员", "group": "组", "head": "户主", "code": "编号", "village": "村", "round": "批次",
    "kind": "种类", "uuid": "编号", "phone": "联系电话", "savings": "家庭存款", "debt": "非生产性负债", "education_debt": "教育负债",
    "revision": "第几版", "answers": "答案", "persons": "人口", "attribute": "贫困户属性", "cause": "主要致贫原因",
    "surveyed_on": "调查日期", "surveyor_name": "调查员", "submitted_at": "提交时间", "remarks": "各看说明", "notes": "答案依据",
    "rubric_digest": "评估表版本", "points": "总分", "look_points": "各看小计", "tier": "档次", "stage": "阶段", "pass_no": "第几轮",
    "opinion": "意见", "category": "类别", "votes_for": "同意票", "votes_against": "不同意票", "return_to": "退回到",
    "reasons": "理由", "checks_failed": "没有过的关", "recused": "回避的成员", "household_version": "户信息版本", "at": "时间", "position": "名单序号",
    "note": "说明", "by": "决定人", "state": "办理状态", "concluded_at": "办结时间", "sitting": "会议", "notice": "公示",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. `where` is a stage, a meeting or a notice in words; `fields` are dotted names of what differs."""

    where: str
    household_code: str
    what: str
    fields: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        who = f"户 {self.household_code} " if self.household_code else ""
        names = [label_of(name) for name in self.fields[:SHOWN_FIELDS]]
        more = f" 等 {len(self.fields)} 项" if len(self.fields) > SHOWN_FIELDS else ""
        return f"{self.where}：{who}{self.what}" + (f"（{'、'.join(names)}{more}）" if names else "") + "。"


@dataclass(slots=True)
class Checked:
    """What was looked at, and what was found."""

    cases: int = 0
    verdicts: int = 0
    sittings: int = 0
    notices: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, found: Iterable[Finding]) -> None:
        known = set(self.findings)
        for finding in found:
            if finding not in known:
                known.add(finding)
                self.findings.append(finding)


def label_of(name: str) -> str:
    """Chinese name of a dotted field name."""
    head, _, rest = name.partition(".")
    if not rest:
        return _WORDS.get(head, head)
    return f"{_WORDS.get(head, head)}·{_field_label(rest)}"


def _field_label(name: str) -> str:
    if name in _WORDS:
        return _WORDS[name]
    for model in (Household, Membership):
        known = {column.name: str(column.verbose_name) for column in model._meta.concrete_fields}
        if name in known:
            return known[name]
    return "其他"
