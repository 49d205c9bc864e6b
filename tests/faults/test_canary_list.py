"""Marked words followed through a list: from the meeting of the group to the end of the notice, in every page, paper, answer, log and
table (trust A2, C1, C5, L1, N1-N3; ruling 6; issue 3.9)."""

import logging
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from assessment import clock
from assessment.models import Case, Objection
from core.models import AuditRow, Job
from households.secrets import reveal
from tests.api.conftest import api, make_token  # noqa: F401  # the client program of the API tests
from tests.faults.canary_walk import (
    AMOUNTS,
    CODE,
    EVERYTHING,
    IDENTITIES,
    NUMBER,
    PEOPLE,
    PHONE,
    ROUND,
    SPOUSE,
    TOLD,
    TYPED,
    VILLAGE,
    WORDS,
    Story,
    papers,
    walk,
)
from tests.faults.test_canary import cells, exported, found

pytestmark = pytest.mark.django_db(transaction=True)

INSIDE = ("cadre", "lead", "township", "township2", "county", "viewer")
OUTSIDE = ("cadre2", "township_other", "auditor", "sysadmin", "secadmin", "nobody")


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.fixture
def story(monkeypatch, settings, tmp_path, log, scope, cast, round_, make_case) -> Story:
    monkeypatch.setattr("core.jobs.runner._nudge", lambda job_id: None)
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return walk(scope, cast, round_, make_case)


def shown(story: Story, who: str, kinds: tuple[str, ...], markers) -> dict[str, list[str]]:
    """Address → markers met there, headers included; what the caller may not open holds nothing either."""
    client, met = story.enter(who), {}
    for address in [address for kind in kinds for address in papers(story)[kind]]:
        answer = client.get(address)
        text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="replace")
        if markers_met := found(f"{text} {answer.headers}", markers):
            met[f"{answer.status_code} {address}"] = markers_met
    return met


def test_the_walk_went_through_every_stage(story):
    """Else nothing below proves anything."""
    opinions = list(story.case.verdicts.values_list("stage", "pass_no", "opinion"))
    assert ("xh", 1, "return") in opinions and ("xd", 3, "agree") in opinions
    assert story.case.amendments.count() == 1 and Case.objects.filter(state="ended").count() == 1
    assert set(Objection.objects.values_list("channel", "status")) == {("village", "closed"), ("public", "lodged"), ("village", "lodged")}
