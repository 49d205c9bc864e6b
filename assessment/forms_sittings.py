"""Forms of the pages of a meeting: filters, head, one household's answer. They never write; views hand what was typed to the actions."""

from collections.abc import Sequence

from django import forms

from assessment.models import Round, SittingStatus
from assessment.procedures import Mode, Stage, procedure_of

_DIGITS = {"inputmode": "numeric", "autocomplete": "off"}
SPARE_ROWS = 2
LONGEST_MINUTES, LONGEST_NOTE = 4000, 400


class SittingFilter(forms.Form):
    """Filters of the list of meetings; what is not understood is left out, so that an old address still opens."""

    round = forms.ChoiceField(label="批次", required=False)
    stage = forms.ChoiceField(label="阶段", required=False)
    village = forms.CharField(label="村", required=False, max_length=32, widget=forms.TextInput(attrs={"placeholder": "村名"}))
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *SittingStatus.choices])

    def __init__(self, data, rounds: Sequence[Round]) -> None:
        super().__init__(data, auto_id="f-%s")
        stages = {s.code: s.name for r in rounds for s in procedure_of(r.procedure).stages if s.mode is Mode.SITTING}
        self.fields["round"].choices = [("", "全部批次"), *((r.code, r.name) for r in rounds)]
        self.fields["stage"].choices = [("", "全部阶段"), *stages.items()]

    @property
    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value.strip() for name, value in self.cleaned_data.items() if value and value.strip()}


class HeadForm(forms.Form):
    """会议情况 without the rows of the panel, which `members_of` reads."""

    held_on = forms.DateField(
        label="开会日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期须为真实的日期，如 2016-04-11。"},
    )  # fmt: skip
    held_at = forms.CharField(label="地点", required=False, max_length=64)
    chair = forms.CharField(label="主持人", required=False, max_length=32)
    recorder = forms.CharField(label="记录人", required=False, max_length=32)
    panel_name = forms.CharField(label="小组名称", required=False, max_length=64)
    expected = forms.IntegerField(label="应到（人）", required=False, min_value=0, max_value=9999, widget=forms.TextInput(attrs=_DIGITS))
    present = forms.IntegerField(label="实到（人）", required=False, min_value=0, max_value=9999, widget=forms.TextInput(attrs=_DIGITS), help_text="不填，按到会打勾的人数。")
    document_no = forms.CharField(label="文号", required=False, max_length=64)
    missing_reason = forms.CharField(label="缺组、缺村原因", required=False, max_length=200)
    minutes = forms.CharField(
        label="会议记录", required=False, max_length=LONGEST_MINUTES, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="加密保存，只给办理的人看。",
    )  # fmt: skip

    def __init__(self, *args, stage: Stage, asks_missing: bool = False, **kwargs) -> None:
        super().__init__(*args, auto_id="head-%s", **kwargs)
        self.stage = stage
        if not stage.panel:
            for name in ("panel_name", "expected", "present"):
                del self.fields[name]
        if not stage.needs_document:
            del self.fields["document_no"]
        if not asks_missing:
            del self.fields["missing_reason"]

    def checks_typed(self) -> dict[str, bool]:
        """四关 as answered; a question left open is not in it."""
        answers = {check.code: self.data.get(f"check-{check.code}", "") for check in self.stage.checks}
        return {code: answer == "yes" for code, answer in answers.items() if answer in ("yes", "no")}


def members_of(data) -> list[dict[str, object]]:
    """Rows of the panel as typed: [{name, post, present}]; a row without a name is left out. Too many, or too long, is for the action
    to refuse: nothing is cut off in silence."""
    names, posts = data.getlist("member-name"), data.getlist("member-post")
    there = set(data.getlist("member-present"))
    rows = []
    for number, name in enumerate(names):
        if name.strip():
            post = posts[number].strip() if number < len(posts) else ""
            rows.append({"name": name.strip(), "post": post, "present": str(number) in there})
    return rows


def whole(text: str | None) -> int | None:
    """A count of votes as typed; None when left empty. What is no count becomes -1, which the action refuses in words: left out in
    silence it would count as everybody's votes."""
    text = (text or "").strip()
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else -1


def version_of(data) -> int:
    """The version the page was opened with; 0, nothing stored yet, when it is left out; for what is no number -1, which nothing has."""
    text = data.get("version", "")
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
