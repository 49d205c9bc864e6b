"""Forms of a signed paper: who signed, when, with whom. They never write; `entry_of` hands what was typed to the action."""

from django import forms
from django.utils import timezone

from core.uploads.scans import MAX_BYTES
from core.web.fields import DayField, LineField, NameField
from households.codes import RELATION
from households.consent import LATE_YEARS, PaperEntry, SignedPaper
from households.forms_fields import LAID_OUT
from households.models import Household, ProxyReason

PROXY = "proxy"
_SCANS = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"


class SignerForm(forms.Form):
    """What both ways of signing ask: the signer, by proxy with the reason, and the surveyor where both sign."""

    signer = forms.ChoiceField(label="签字人", help_text="本户成年人本人签字；不能由干部代签。")
    proxy_name = NameField(label="代签家人姓名", required=False, help_text="只在选“家人代签”时填。")
    proxy_relation = forms.ChoiceField(label="代签家人与户主关系", required=False, choices=[("", "未填"), *RELATION.choices])
    proxy_reason = forms.ChoiceField(label="代签原因", required=False, choices=[("", "未填"), *ProxyReason.choices])
    year = forms.TypedChoiceField(label="收入年度", coerce=int)
    surveyor_name = LineField(label="调查员姓名", longest=64, help_text="调查员与本户当面同时签字。")
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, paper: SignedPaper, household: Household, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.paper = paper
        signers = [*_members(household), (PROXY, "家人代签（户内成年人都不能签的）")]
        if len(signers) <= LAID_OUT:
            self.fields["signer"].widget = forms.RadioSelect()
        self.fields["signer"].choices = signers if len(signers) <= LAID_OUT else [("", "请选择"), *signers]
        this = timezone.localdate().year
        self.fields["year"].choices = [(year, f"{year} 年度") for year in range(this + 1, this - LATE_YEARS - 1, -1)]
        self.fields["year"].initial = this
        for name, wanted in (("year", paper.of_year), ("surveyor_name", paper.both)):
            if not wanted:
                del self.fields[name]

    def entry(self) -> PaperEntry:
        data = self.cleaned_data
        by_proxy = data["signer"] == PROXY
        return PaperEntry(
            kind=self.paper.kind, signed_on=data.get("signed_on") or timezone.localdate(), signer="" if by_proxy else data["signer"],
            by_proxy=by_proxy, proxy_name=data["proxy_name"], proxy_relation=data["proxy_relation"], proxy_reason=data["proxy_reason"],
            surveyor_name=data.get("surveyor_name", ""), face_to_face=data.get("face_to_face", True), year=data.get("year"),
        )  # fmt: skip


class PaperForm(SignerForm):
    """A paper that comes back signed."""

    signed_on = DayField(label="签字日期", future=False)
    face_to_face = forms.BooleanField(label="当面签字（面对面念清内容以后签的）", required=False)
    file = forms.FileField(
        label="签字件", help_text=f"PDF、JPEG 或 PNG，{MAX_BYTES // 1024 // 1024} MB 以内。签名和手印要看得清。",
        widget=forms.ClearableFileInput(attrs={"accept": _SCANS}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
    )  # fmt: skip

    field_order = ["signer", "proxy_name", "proxy_relation", "proxy_reason", "year", "surveyor_name", "signed_on", "face_to_face", "file"]


class ScreenForm(SignerForm):
    """A signature drawn on the page; it is signed now, face to face."""

    drawing = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-sign-out": ""}))


def _members(household: Household) -> list[tuple[str, str]]:
    rows = household.memberships.current().select_related("person").order_by("relation", "pk")
    return [(str(row.uuid), f"{row.person.name}（{RELATION.label(row.relation)}）") for row in rows]
