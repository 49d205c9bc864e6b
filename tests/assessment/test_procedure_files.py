"""A county's own procedure in one file: what is refused and how it is said, and that a running round keeps its own (ruling 18; issue 5.1)."""

import copy
import io

import pytest
import yaml
from django.core.management import CommandError, call_command

from assessment import procedure_files
from assessment.actions.rounds import open_round
from assessment.models import Round
from assessment.procedures import OURS, PROCEDURES, Level, admit
from assessment.procedures.checking import faults_of
from assessment.procedures.files import ProcedureFaults, digest_of, document_of, procedure_of_document
from assessment.procedures.identify import QXN

OWN = {
    "code": "own", "name": "本县程序", "source": "县扶贫办〔2016〕9号",
    "stages": [
        {"code": "hy", "name": "户代表会", "list_name": "备选名单", "level": "group", "per_group": True, "majority": "of_votes"},
        {"code": "cy", "name": "村议", "list_name": "拟选名单", "level": "village", "returns_to": ["hy"]},
        {"code": "gs", "name": "公示", "list_name": "公示名单", "level": "township", "mode": "notice", "notice": {"days": 10, "where": "village"}},
    ],
}  # fmt: skip


def own(**changes) -> dict:
    return copy.deepcopy(OWN) | changes


def stage(number: int, **changes) -> dict:
    made = own()
    made["stages"][number] |= changes
    return made


@pytest.mark.parametrize("procedure", OURS, ids=lambda one: one.code)
def test_each_of_ours_is_the_same_after_being_written_and_read(procedure):
    assert procedure_of_document(yaml.safe_load(yaml.safe_dump(document_of(procedure), allow_unicode=True))) == procedure


DIGESTS = {
    "qxn": "b30de31e84f1", "xjx": "0d82f5b0debc", "qyx": "4abb7e4386fd", "zhx": "2faa30510acd", "cjx": "33ab087a76be", "dsr": "1e4440bc1622",
    "ffp": "72a2724c9f30", "ycx": "001ee4b610a5",
}  # fmt: skip


def test_none_of_ours_is_changed_under_a_running_round():
    """A county upgrades in the middle of a round: a procedure that must change is given another code."""
    assert {procedure.code: digest_of(procedure)[:12] for procedure in OURS} == DIGESTS


def test_a_county_writes_a_sound_procedure():
    made = procedure_of_document(own())
    assert [one.code for one in made.stages] == ["hy", "cy", "gs"] and made.by_code["gs"].notice.days == 10


def test_stages_are_walked_in_the_order_that_next_says():
    made = own()
    made["stages"] = [made["stages"][0] | {"next": "cy"}, made["stages"][2] | {"next": "end"}, made["stages"][1] | {"next": "gs"}]
    assert [one.code for one in procedure_of_document(made).stages] == ["hy", "cy", "gs"]


REFUSED = {
    "a dead end": (stage(1, next="xh"), "名单走到那里就断了"),
    "a circle": (stage(2, next="cy"), "名单没有尽头"),
    "an unreachable stage": (stage(0, next="gs"), "走不到"),
    "a notice under the legal floor": (stage(2, notice={"days": 5, "floor": 5, "where": "village"}), "不得少于 7 天"),
    "days under its own floor": (stage(2, notice={"days": 6, "where": "village"}), "不得少于 7 天"),
    "a notice without days": (stage(2, notice=None), "没有写天数"),
    "a notice first": (own(stages=OWN["stages"][2:]), "还没有定下名单"),
    "a level that there is not": (stage(1, level="province"), "level 只能是"),
    "a return forward": (stage(0, returns_to=["cy"]), "那不是前面的阶段"),
    "a village meeting by groups": (stage(1, per_group=True), "村民小组一级的会按组开"),
    "a vote of those present with nobody called": (stage(1, majority="of_present"), "要写明谁来开会"),
    "four stages that one level decides by different persons": (
        own(stages=[OWN["stages"][0], *({"code": f"c{n}", "name": "议", "list_name": "名单", "level": "county", "separated": True} for n in range(4)), OWN["stages"][2]]),
        "没有这么多人",
    ),
    "a form before the visit": (stage(1, visits=True), "还没有入户调查，不能要求评估表"),
    "a word it does not know": (stage(1, colour="red"), "不认识“colour”"),
    "days as words": (stage(2, notice={"days": "七天", "where": "village"}), "要写整数"),
    "no list name": (own(stages=[{"code": "cy", "name": "村议", "level": "village"}]), "没有写 list_name"),
    "two stages of one code": (own(stages=[OWN["stages"][0], OWN["stages"][0]]), "用了 2 次"),
    "no stages": (own(stages=[]), "没有阶段"),
    "a paper of no kind": (own(papers=[{"kind": "letter", "name": "信"}]), "没有“letter”这种材料"),
    "no procedure at all": (["a"], "文件里没有程序"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_stop_a_list_is_refused_and_said_where(name):
    document, sentence = REFUSED[name]
    with pytest.raises(ProcedureFaults) as refused:
        procedure_of_document(document)
    assert any(sentence in reason for reason in refused.value.reasons), refused.value.reasons


def test_a_stage_that_nobody_may_do_is_refused():
    assert any("没有人能办" in fault for fault in faults_of(QXN, offices=(Level.GROUP, Level.VILLAGE, Level.COUNTY)))


def test_five_days_are_enough_only_against_falling_back():
    short = stage(2, notice={"days": 5, "floor": 5, "where": "village"})
    assert procedure_of_document(short | {"kinds": ["monitor"]}).by_code["gs"].notice.days == 5


# --- files, the command, running rounds


@pytest.fixture
def folder(settings, tmp_path, monkeypatch):
    settings.PROCEDURES_DIR = tmp_path
    monkeypatch.setattr(procedure_files, "faulty", {})
    before = dict(PROCEDURES)
    yield tmp_path
    PROCEDURES.clear()
    PROCEDURES.update(before)


def write(folder, text: str, name: str = "own.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_process_reads_the_files_of_its_folder(folder):
    write(folder, yaml.safe_dump(own(), allow_unicode=True))
    procedure_files.load()
    assert PROCEDURES["own"].name == "本县程序" and list(procedure_files.faulty) == []


@pytest.mark.parametrize(
    ("text", "sentence"), [("code: [", "行附近的格式不对"), ("x" * 70_000, "大于 64 KB"), (yaml.safe_dump(document_of(QXN)), "已有别的程序")]
)
@pytest.mark.django_db
def test_a_file_that_cannot_be_used_is_left_out_and_no_server_starts(folder, text, sentence):
    write(folder, text)
    procedure_files.load()
    with pytest.raises(procedure_files.ProceduresUnfit, match="own.yaml") as refused:
        procedure_files.verify()
    assert sentence in str(refused.value)


def test_the_operator_checks_a_file_before_it_is_used(folder, capsys):
    call_command("procedure", "check", str(write(folder, yaml.safe_dump(own(), allow_unicode=True))))
    assert "户代表会 → 村议 → 公示（10 天）" in capsys.readouterr().out
    with pytest.raises(CommandError, match="1 个文件不能用"):
        call_command("procedure", "check", str(write(folder, "code: x\nstages: []", "bad.yaml")))


def test_the_operator_begins_from_one_that_is_there(capsys):
    out = io.StringIO()
    call_command("procedure", "show", "qxn", stdout=out)
    assert procedure_of_document(yaml.safe_load(out.getvalue())) == QXN


@pytest.fixture
def running(folder, scope, rubric_version):
    """An open round by the county's own procedure."""
    admit([procedure_of_document(own())])
    return open_round(
        scope=scope("county"), code="2016-OWN", name="本县", year=2016, reference_date="2016-06-30", rubric_code=rubric_version.code, procedure="own"
    )


@pytest.mark.django_db
def test_a_round_is_opened_by_the_countys_own_procedure(running):
    assert Round.objects.get(code="2016-OWN").procedure_digest == digest_of(PROCEDURES["own"]) and list(procedure_files.faults()) == []


@pytest.mark.django_db
def test_no_server_starts_when_the_procedure_of_a_running_round_was_changed(running):
    PROCEDURES["own"] = procedure_of_document(stage(2, notice={"days": 8, "where": "village"}))
    with pytest.raises(procedure_files.ProceduresUnfit, match="2016-OWN 开启以后"):
        procedure_files.verify()


@pytest.mark.django_db
def test_no_server_starts_when_it_is_gone(running):
    PROCEDURES.pop("own")
    with pytest.raises(procedure_files.ProceduresUnfit, match="找不到了"):
        procedure_files.verify()


@pytest.mark.django_db
def test_a_closed_round_is_still_read_by_its_procedure(running):
    """Its board, its households' files and verify_list ask for it: without it they would fall over one by one."""
    Round.objects.update(status="closed")
    PROCEDURES.pop("own")
    with pytest.raises(procedure_files.ProceduresUnfit, match="找不到了"):
        procedure_files.verify()
