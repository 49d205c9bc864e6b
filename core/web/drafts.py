"""What a page with a form needs to offer and to keep drafts (`core.drafts`)."""

from dataclasses import dataclass
from uuid import uuid4

from django.forms import BaseForm, BaseFormSet
from django.forms.utils import ErrorDict, ErrorList
from django.http import HttpRequest, QueryDict

from core.drafts import Draft, discard_draft, draft_of
from core.web.middleware import origin_of
from core.web.posted import number_in

GO_ON = "draft"


@dataclass(frozen=True, slots=True)
class Keeping:
    """Context of `components/_draft.html`: which draft this form keeps, what is offered, and from which version it goes on."""

    kind: str
    subject: str
    tab: str
    version: int
    base_version: int
    url: str
    offered: Draft | None
    outdated: bool


def typed(request: HttpRequest, kind: str, subject: str) -> QueryDict | None:
    """What the caller had typed, when the page was opened to go on with it (`?draft=1`); None otherwise and on a POST."""
    if request.method == "POST" or not request.GET.get(GO_ON):
        return None
    found = draft_of(request.scope, kind, subject)
    return found.data() if found else None


def keeping(request: HttpRequest, kind: str, subject: str, *, base_version: int = 0) -> Keeping:
    """For the page's context. An offer stands until it is taken up or thrown away; a refused POST goes on with what this window wrote.

    `base_version` is the version that the form on the page was begun from, which is the draft's own when the page goes on with one."""
    found = draft_of(request.scope, kind, subject)
    posted = request.POST if request.method == "POST" else {}
    going_on = bool(request.GET.get(GO_ON)) or bool(posted)
    version = number_in(posted.get("draft-version", "")) if posted else (found.version if found and going_on else 0)
    tab = posted.get("draft-tab") or str(uuid4())
    offered = found if found and not going_on else None
    outdated = bool(found) and found.base_version not in (0, base_version)
    query = request.GET.copy()
    query.pop(GO_ON, None)
    url = request.path + (f"?{query.urlencode()}" if query else "")
    return Keeping(kind, subject, tab, version, base_version, url, offered, outdated)


def saved(request: HttpRequest, kind: str, subject: str) -> None:
    """The form went through: nothing is left to go on with. A draft that this window neither wrote nor opened stays on offer."""
    found, sent = draft_of(request.scope, kind, subject), request.POST
    if found and (found.tab == sent.get("draft-tab") or found.version == number_in(sent.get("draft-version", ""))):
        discard_draft(scope=request.scope, kind=kind, subject=subject, origin=origin_of(request))


def unchecked(form: BaseForm | BaseFormSet) -> BaseForm | BaseFormSet:
    """A form filled from a draft shows what was typed without complaining: it has not been sent yet."""
    if isinstance(form, BaseFormSet):
        form._errors, form._non_form_errors = [], ErrorList()
        for one in form.forms:
            unchecked(one)
    else:
        form._errors, form.cleaned_data = ErrorDict(), {}
    return form

