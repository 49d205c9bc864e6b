"""The papers of the cadre's day: signed forms, exclusions asked, a photo, a group's signatures, a draft, and the county's check."""

import io
from datetime import timedelta

from django.http import QueryDict
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import User
from accounts.scopes import scope_of
from assessment.actions.photos import add_photo
from assessment.actions.signing import add_signing
from assessment.models import LookPhoto, Signing
from assessment.shots import Shot
from core import jobs
from core.drafts import draft_of, save_draft
from core.scope import Scope
from fupin.demo.day import VILLAGE, last_year
from fupin.demo.scans import signed_page
from households.actions.exclusions import Override, ask_exclusions, override_exclusion
from households.actions.papers import add_paper, set_aside_paper
from households.actions.quality_run import note_day, request_check
from households.codes import EXCLUSION
from households.consent import PaperEntry
from households.exclusions import LUXURY, VEHICLE
from households.models import DoubtDay, Exclusion, Household, IncomeYear, Paper
from villages.models import County

SIGNED = {
    4: ("application", "wish"),
    10: ("application", "wish", "registration", "survey", "income"),
    14: ("application", "registration"),
    17: ("application",),
}
OVERRIDDEN, SPOILT = 13, 17
DRAFT_TAB = "00000000-0000-4000-8000-000000000001"


def file_papers(round_code: str) -> None:
    """All of it; what is done already is left."""
    cadre = scope_of(User.objects.get(login="cadre"))
    for number, kinds in SIGNED.items():
        _sign(cadre, _home(number), kinds)
    _spoil(cadre, _home(SPOILT))
    _ask_exclusions(cadre)
    _photograph(cadre, _home(10), round_code)
    _sign_group(cadre, round_code)
    _leave_draft(cadre, _home(5))


def _home(number: int) -> Household:
    return Household.objects.get(code=f"{VILLAGE}{number:04d}")


def _sign(scope: Scope, household: Household, kinds: tuple[str, ...]) -> None:
    for kind in kinds:
        year = last_year() if kind == "income" else None
        if kind == "income" and not IncomeYear.objects.filter(household=household, year=last_year()).exists():
            continue
        if not Paper.objects.filter(household=household, kind=kind).exists():
            surveyor = "向志成" if kind in ("survey", "income") else ""
            entry = PaperEntry(
                kind,
                timezone.localdate() - timedelta(days=6),
                signer=_signer(household),
                surveyor_name=surveyor,
                face_to_face=True,
                year=year,
            )
            add_paper(scope=scope, household=household.code, entry=entry, file=io.BytesIO(signed_page(kind)))


def _signer(household: Household) -> str:
    return str(household.memberships.current().order_by("relation").values_list("uuid", flat=True).first())


def _spoil(scope: Scope, household: Household) -> None:
    paper = Paper.objects.filter(household=household, kind="application", set_aside__isnull=True).first()
    if paper is not None and not Paper.objects.filter(household=household, set_aside__isnull=False).exists():
        set_aside_paper(scope=scope, paper=str(paper.uuid), reason="扫描不清，看不出签名，已约户主重签")


def _ask_exclusions(scope: Scope) -> None:
    """Three households asked, one of them with a car that it needs: the township has the word."""
    if Exclusion.objects.filter(village__code=VILLAGE).exists():
        return
    for number in (10, 14):
        ask_exclusions(
            scope=scope, household=_home(number).code, answers=dict.fromkeys(EXCLUSION.items, False), version=0
        )
    ask_exclusions(scope=scope, household=_home(4).code, answers={LUXURY: False, "08": False}, version=0)
    override_exclusion(
        scope=scope, household=_home(OVERRIDDEN).code, entry=Override(VEHICLE, "车是已分家的儿子以户主名义登记的，本户不使用，有村委会证明。"),
        file=io.BytesIO(signed_page("proof")), version=0,
    )  # fmt: skip


def _photograph(scope: Scope, household: Household, round_code: str) -> None:
    if not LookPhoto.objects.filter(household=household).exists():
        add_photo(
            scope=scope, household_code=household.code, round_code=round_code, look="A", file=io.BytesIO(drawn_house()),
            shot=Shot("正面，屋顶西侧补过瓦"),
        )  # fmt: skip


def drawn_house() -> bytes:
    """JPEG of a house as a child would draw it: nobody's home."""
    picture = Image.new("RGB", (960, 640), (178, 208, 226))
    pen = ImageDraw.Draw(picture)
    pen.polygon([(0, 430), (260, 260), (520, 420), (760, 240), (960, 400), (960, 640), (0, 640)], fill=(120, 152, 104))
    pen.rectangle([260, 330, 700, 560], fill=(196, 168, 128), outline=(96, 72, 52), width=4)
    pen.polygon([(220, 340), (480, 210), (740, 340)], fill=(92, 88, 92), outline=(60, 56, 60))
    pen.rectangle([440, 420, 520, 560], fill=(104, 72, 48))
    for left in (310, 590):
        pen.rectangle([left, 400, left + 70, 470], fill=(232, 236, 224), outline=(96, 72, 52), width=4)
    pen.rectangle([0, 560, 960, 640], fill=(150, 130, 100))
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()


def _sign_group(scope: Scope, round_code: str) -> None:
    """Half of the first group has signed; a head who is not on file is there by name."""
    if Signing.objects.filter(village__code=VILLAGE).exists():
        return
    homes = (
        Household.objects.registered()
        .filter(village__code=VILLAGE, group__isnull=False)
        .select_related("group")
        .order_by("code")
    )
    group = homes.first().group
    codes = [home.code for home in homes if home.group_id == group.pk and not home.head_pending]
    add_signing(
        scope=scope, round_code=round_code, group_code=group.code, signed_on=timezone.localdate() - timedelta(days=3),
        households=codes[: len(codes) // 2 + 1], names="田永兰", file=io.BytesIO(signed_page("group")),
    )  # fmt: skip


def _leave_draft(scope: Scope, household: Household) -> None:
    """What `cadre` had begun to type and not saved."""
    subject = f"{household.code}/house"
    if draft_of(scope, "household.edit", subject) is None:
        typed = QueryDict(f"version={household.version}&section=house&structure=thatch&area_m2=64&toilet=")
        save_draft(
            scope=scope,
            kind="household.edit",
            subject=subject,
            data=typed,
            tab=DRAFT_TAB,
            version=0,
            base_version=household.version,
        )


def check_area(area: str, login: str) -> None:
    """The project's own check as a job, run here."""
    job = request_check(scope=scope_of(User.objects.get(login=login)), area=area)
    jobs.run(str(job.pk))


def note_days(county_code: str, *days_ago: int) -> None:
    """The trend's points of earlier days, as they stand now."""
    county = County.objects.get(code=county_code)
    for days in days_ago:
        day = timezone.localdate() - timedelta(days=days)
        if not DoubtDay.objects.filter(county=county, day=day).exists():
            note_day(county, day)
