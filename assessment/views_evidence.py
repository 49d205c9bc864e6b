"""Uploading a scan or photo, and handing it out."""

import uuid
from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from accounts import roles
from accounts.standing_in import stands_in
from assessment.actions.evidence import Target, add_evidence, door_of, kinds_on, open_evidence, place_of, target_of
from assessment.meeting import area_name
from assessment.models import Evidence, EvidenceKind, NoticeSheet, Objection, Sitting
from assessment.procedures import procedure_of
from core.errors import BadInput
from core.uploads.scans import MAX_BYTES, SUFFIXES
from core.web.middleware import origin_of
from core.web.pages import page

TARGETS = ("sitting", "sheet", "case", "objection")
MARK = 8


class EvidenceForm(forms.Form):
    kind = forms.ChoiceField(label="种类")
    file = forms.FileField(
        label="文件",
        help_text=f"PDF、JPEG 或 PNG，{MAX_BYTES // 1024 // 1024} MB 以内。照片会去掉拍摄地点等信息，并缩到清楚够用的大小。",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
    )
    title = forms.CharField(
        label="名称", required=False, max_length=64, help_text="不填的按种类命名。不要写证件号码。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, kinds: Sequence[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if len(kinds) > 1:
            self.fields["kind"].choices = [(kind, EvidenceKind(kind).label) for kind in kinds]
        else:
            del self.fields["kind"]


@page(roles.LIST_VIEW, "GET HEAD POST")
@stands_in
def evidence_new(request: HttpRequest) -> HttpResponse:
    """`?sitting=|sheet=|case=|objection=` says what is uploaded for; `&kind=` too, else the form asks where there is a choice."""
    wanted = {name: request.GET.get(name, "") for name in TARGETS}
    kinds = [request.GET["kind"]] if request.GET.get("kind") else kinds_on(request.scope, wanted)
    kind = request.POST.get("kind") or next(iter(kinds), "")
    target = target_of(request.scope, door_of(request.scope, kind, wanted), wanted)
    form = EvidenceForm(request.POST or None, request.FILES or None, initial={"key": request.request_id}, kinds=kinds)
    if request.method == "POST" and form.is_valid() and (made := _added(request, form, kind, wanted)):
        messages.success(request, f"已保存{made.get_kind_display()}，文件校验码 {made.sha256[:MARK]}。")
        return redirect(_back(target))
    context = {
        "form": form,
        "kind": EvidenceKind(kind).label if len(kinds) == 1 else "材料",
        "about": _about(target),
        "back": _back(target),
    }
    context |= {"action": "?" + request.GET.urlencode(), "place": [(_about(target), _back(target)), ("上传材料", "")]}
    return render(request, "papers/evidence_new.html", context, status=400 if request.method == "POST" else 200)


def _added(request: HttpRequest, form: EvidenceForm, kind: str, wanted: dict[str, str]) -> Evidence | None:
    data = form.cleaned_data
    try:
        return add_evidence(
            scope=request.scope, kind=kind, file=data["file"], title=data["title"], key=data["key"],
            origin=origin_of(request), **wanted,
        )  # fmt: skip
    except BadInput as refusal:
        for name, sentences in (refusal.fields or {"file": [refusal.message]}).items():
            for sentence in sentences:
                form.add_error(name if name in form.fields else None, sentence)
    return None


def _back(target: Target) -> str:
    if isinstance(target, Sitting):
        return f"/sittings/{target.uuid}/"
    if isinstance(target, Objection):
        return f"/objections/{target.code}/"
    return (
        f"/notices/{target.notice.uuid}/"
        if isinstance(target, NoticeSheet)
        else f"/households/{target.household.code}/"
    )


def _about(target: Target) -> str:
    if isinstance(target, Sitting):
        return f"{area_name(target)} {procedure_of(target.round.procedure).by_code[target.stage].name}"
    if isinstance(target, NoticeSheet):
        return f"{place_of(target).village.short_name} {target.group_name} 公示"
    if isinstance(target, Objection):
        return f"异议 {target.code}"
    return f"{target.household.head_name}户"


@page(roles.LIST_VIEW)
@stands_in
def evidence_file(request: HttpRequest, evidence_uuid: uuid.UUID) -> HttpResponse:
    """Always a download under a name of ours, never shown inside a page of ours (trust 66, N7)."""
    row, content = open_evidence(scope=request.scope, evidence=str(evidence_uuid), origin=origin_of(request))
    response = HttpResponse(content, content_type=row.media_type)
    name = f"{row.get_kind_display()}-{row.sha256[:MARK]}.{SUFFIXES[row.media_type]}"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
