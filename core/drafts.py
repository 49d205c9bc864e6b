"""Drafts of forms: what was typed is kept on the server, sealed, for the account that typed it, 30 days (trust 5, 6, 7; ruling 31: not audited).

A page with a form names its `kind` and `subject`; the browser sends the whole form every few seconds. One draft a person, kind and
subject, so the same person goes on at another machine; a window that did not write last is told so before it overwrites anything.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import QueryDict
from django.utils import timezone

from core.actions import Origin, acting
from core.crypto import decrypt, encrypt
from core.errors import BadInput, Denied, StaleVersion
from core.models import FormDraft
from core.scope import Scope

DAYS = 30
LONGEST = 200_000
OWN_FIELDS = ("csrfmiddlewaretoken", "draft-kind", "draft-subject", "draft-tab", "draft-version", "draft-base", "draft-url", "draft-take")
_SUBJECT = re.compile(r"[0-9A-Za-z_./-]{1,64}\Z")
_TAB = re.compile(r"[0-9a-f-]{8,36}\Z")
_rights: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Draft:
    """A stored draft as a page offers it. `base_version` is the version of the object that the form was opened with."""

    version: int
    tab: str
    base_version: int
    saved_at: datetime
    data: Callable[[], QueryDict]


def register_kind(kind: str, right: str) -> None:
    """A kind of form that may leave drafts, and the right that opens the form. Called when an app starts."""
    _rights[kind] = right


def draft_of(scope: Scope, kind: str, subject: str) -> Draft | None:
    """The caller's living draft of this form. Expiry is a predicate here (ruling 13)."""
    row = FormDraft.objects.filter(user_id=scope.actor_id, kind=kind, subject=subject, expires_at__gt=timezone.now()).first()
    return _draft(row) if row else None


def save_draft(
    *, scope: Scope, kind: str, subject: str, data: QueryDict, tab: str, version: int, base_version: int = 0, take: bool = False,
    origin: Origin | None = None,
) -> FormDraft:  # fmt: skip
    """Store what is typed. `version` is the draft's version that this window wrote or opened, 0 for none; a draft that another window has
    written since raises StaleVersion (conflict = Draft) unless `take`. Raises Denied, BadInput (too long, not a form that keeps drafts)."""
    content = _content(kind, subject, tab, data)
    with acting(scope, "draft.save", origin):
        if not scope.has(_rights[kind]):
            raise Denied
        now = timezone.now()
        row = _locked(scope, kind, subject, tab, now)
        if row.version and row.expires_at > now and row.version != version and row.tab != tab and not take:
            raise StaleVersion("这份内容在别的窗口或设备上填过，这里还没有保存。", conflict=_draft(row))
        row.version, row.tab, row.base_version = row.version + 1, tab, base_version
        row.saved_at, row.expires_at = now, now + timedelta(days=DAYS)
        row.content_enc = encrypt(content, table=FormDraft._meta.db_table, field="content", row=row.uuid)
        row.save()
    return row


def discard_draft(*, scope: Scope, kind: str, subject: str, origin: Origin | None = None) -> None:
    """The form was saved, or its owner does not want what was typed."""
    with acting(scope, "draft.discard", origin):
        FormDraft.objects.filter(user_id=scope.actor_id, kind=kind, subject=subject).delete()


def remove_expired() -> int:
    """Part of the daily tidying; how many went."""
    gone, _ = FormDraft.objects.filter(expires_at__lte=timezone.now()).delete()
    return gone


def _locked(scope: Scope, kind: str, subject: str, tab: str, now: datetime) -> FormDraft:
    """The draft's row, made empty (version 0) where there is none: two windows that begin at the same moment meet here."""
    own = {"user_id": scope.actor_id, "kind": kind, "subject": subject}
    rows = FormDraft.objects.select_for_update().filter(**own)
    row = rows.first()
    if row is None:
        FormDraft.objects.bulk_create([FormDraft(**own, version=0, tab=tab, saved_at=now, expires_at=now)], ignore_conflicts=True)
        row = rows.get()
    return row


def _content(kind: str, subject: str, tab: str, data: QueryDict) -> str:
    if kind not in _rights or not _SUBJECT.match(subject) or not _TAB.match(tab):
        raise BadInput("这个页面不能存草稿，请刷新后再填。", code="no_such_draft")
    kept = data.copy()
    for name in OWN_FIELDS:
        kept.pop(name, None)
    content = kept.urlencode()
    if len(content) > LONGEST:
        raise BadInput("填写的内容太长，没有存成草稿。请删短后再试。", code="draft_too_long")
    return content


def _draft(row: FormDraft) -> Draft:
    def opened() -> QueryDict:
        return QueryDict(decrypt(row.content_enc, table=FormDraft._meta.db_table, field="content", row=row.uuid))

    return Draft(row.version, row.tab, row.base_version, row.saved_at, opened)
