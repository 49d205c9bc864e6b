"""排除情形 on file: asked by the village, set aside with a reason and a paper, confirmed by somebody else of the township."""

import io

import pytest
from PIL import Image

from core.errors import BadInput, Denied, NotFound, StaleVersion, WrongState
from core.models import AuditRow
from households.actions.exclusions import Override, ask_exclusions, confirm_override, override_exclusion
from households.actions.papers import set_aside_paper
from households.exclusions import Standing
from households.models import Exclusion, Paper
from households.selectors_exclusions import barring, exclusion_lines, version_of

REASON, NOTE = "车是亲戚寄放的，有车主证明", "乡里看过行驶证，不是本户的"


def scan(colour: str = "white") -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(made, "PNG")
    made.seek(0)
    return made


@pytest.fixture
def home(make_household):
    """A listed household with a car on file."""
    return make_household(vehicle="car", machines="none")


@pytest.fixture
def desk(scope, home, settings, tmp_path):
    """The steps as the pages take them, always with the version as it stands."""
    settings.FILES_DIR = settings.EVIDENCE_DIR = tmp_path
    return Desk(scope, home)


class Desk:
    def __init__(self, scope, home):
        self.scope, self.home = scope, home

    @property
    def version(self) -> int:
        return version_of(exclusion_lines(self.home))

    def standing(self, code: str = "04") -> Standing:
        self.home.refresh_from_db()
        return next(line.standing for line in exclusion_lines(self.home) if line.code == code)

    def ask(self, by: str = "cadre", **answers):
        named = {code.removeprefix("c"): answer for code, answer in answers.items()}
        return ask_exclusions(scope=self.scope(by), household=self.home.code, answers=named, version=self.version)

    def override(self, code: str = "04", by: str = "cadre", reason: str = REASON, **more):
        given = {"file": scan(), "version": self.version} | more
        return override_exclusion(scope=self.scope(by), household=self.home.code, entry=Override(code, reason), **given)

    def confirm(self, code: str = "04", by: str = "township", agrees: bool = True, note: str = NOTE):
        return confirm_override(
            scope=self.scope(by),
            household=self.home.code,
            condition=code,
            agrees=agrees,
            note=note,
            version=self.version,
        )


def test_a_car_on_file_bars_the_household_without_anybody_asking(desk, home):
    assert barring([home]) == {home.pk: ("④ 有轿车、客运车、货运车、工程车或大型农机",)}


def test_what_the_cadre_asked_is_kept_with_name_and_leaves_the_household_as_it_was(desk, home, cast):
    desk.ask(c06=True, c08=False)
    assert (desk.standing("06"), desk.standing("08"), desk.standing("07")) == (
        Standing.EXCLUDED,
        Standing.CLEAR,
        Standing.UNKNOWN,
    )
    assert Exclusion.objects.get(code="06").asked_by == cast.cadre
    version = home.version
    home.refresh_from_db()
    assert home.version == version


def test_a_locked_household_can_still_be_asked(desk, home):
    home.hold, home.hold_reason = True, "名单已锁定，正在乡核。"
    home.save()
    desk.ask(c06=False)
    assert desk.standing("06") is Standing.CLEAR


def test_an_answer_does_not_talk_a_fact_away(desk):
    desk.ask(c04=False)
    assert desk.standing() is Standing.EXCLUDED


def test_the_township_confirms_a_reason_with_its_paper_and_the_household_may_be_listed(desk, home):
    row = desk.override()
    assert desk.standing() is Standing.WAITING and row.paper.kind == "exclusion" and REASON not in row.override_enc
    desk.confirm()
    assert desk.standing() is Standing.OVERRIDDEN and not barring([home])


def test_the_township_disagrees_and_the_condition_stands(desk):
    desk.override()
    desk.confirm(agrees=False)
    assert desk.standing() is Standing.EXCLUDED


def test_who_wrote_the_reason_does_not_confirm_it(desk, scope, cast):
    desk.override()
    Exclusion.objects.update(overridden_by=cast.township)
    with pytest.raises(Denied):
        desk.confirm()


def test_who_asked_does_not_confirm(desk, cast):
    desk.ask(c06=True)
    desk.override("06")
    Exclusion.objects.update(asked_by=cast.township)
    with pytest.raises(Denied):
        desk.confirm("06")


@pytest.mark.parametrize("who, refusal", [("township", Denied), ("viewer", Denied), ("cadre2", NotFound)])
def test_only_the_village_asks(desk, who, refusal):
    with pytest.raises(refusal):
        desk.ask(by=who, c06=True)


def test_the_cadre_confirms_nothing(desk):
    desk.override()
    with pytest.raises(Denied):
        desk.confirm(by="lead")


@pytest.mark.parametrize("reason", ["太短", "车主电话13912345678，可以去问"])
def test_a_reason_is_long_enough_and_names_no_number(desk, reason):
    with pytest.raises(BadInput) as refused:
        desk.override(reason=reason)
    assert "reason" in refused.value.fields and not Paper.objects.exists()


def test_there_is_nothing_to_set_aside_where_nothing_holds(desk):
    with pytest.raises(WrongState):
        desk.override("06")


def test_a_second_cadre_with_an_old_page_is_told_so(desk, scope, home):
    old = desk.version
    desk.ask(c06=True)
    with pytest.raises(StaleVersion):
        ask_exclusions(scope=scope("lead"), household=home.code, answers={"06": False}, version=old)


def test_the_same_form_sent_twice_is_one_override(desk, scope, home):
    given = {
        "scope": scope("cadre"),
        "household": home.code,
        "entry": Override("04", REASON),
        "version": 0,
        "key": "once",
    }
    assert override_exclusion(**given, file=scan()).pk == override_exclusion(**given, file=scan()).pk
    assert Paper.objects.count() == 1


def test_a_paper_set_aside_takes_the_reason_with_it(desk, scope):
    row = desk.override()
    desk.confirm()
    set_aside_paper(scope=scope("cadre"), paper=str(row.paper.uuid), reason="传成了别家的")
    assert desk.standing() is Standing.EXCLUDED


def test_a_condition_that_stops_holding_takes_its_override_with_it(desk):
    desk.ask(c06=True)
    desk.override("06")
    desk.confirm("06")
    desk.ask(c06=False)
    desk.ask(c06=True)
    assert desk.standing("06") is Standing.EXCLUDED


def test_the_trail_tells_which_condition_and_no_word_of_the_reason(desk):
    desk.override()
    desk.confirm()
    rows = list(AuditRow.objects.filter(action__startswith="exclusion.").order_by("seq"))
    assert [row.detail["conditions"] for row in rows] == [["④"], ["④"]]
    assert REASON not in str([row.detail for row in rows])
