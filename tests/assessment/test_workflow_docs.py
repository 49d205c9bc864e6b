"""docs/workflow.md is what the procedures say."""

from xml.etree import ElementTree

import pytest
from django.conf import settings

from assessment.procedures import PROCEDURES
from assessment.procedures.handbook import handbook
from assessment.procedures.picture import picture

DOCS = settings.BASE_DIR / "docs"


def test_an_engineer_reads_the_procedures_as_they_are():
    assert (DOCS / "workflow.md").read_text(encoding="utf-8") == handbook(PROCEDURES.values()), (
        "run: manage.py workflow_docs"
    )


@pytest.mark.parametrize("code", sorted(PROCEDURES))
def test_an_engineer_sees_the_procedures_as_they_are(code):
    drawn = picture(PROCEDURES[code])
    assert (DOCS / "workflow" / f"{code}.svg").read_text(encoding="utf-8") == drawn, "run: manage.py workflow_docs"
    ElementTree.fromstring(drawn)


@pytest.mark.parametrize("code", sorted(PROCEDURES))
def test_a_picture_has_a_box_for_each_stage_and_an_arc_for_each_return(code):
    procedure, drawn = PROCEDURES[code], picture(PROCEDURES[code])
    assert all(f">{stage.name}<" in drawn for stage in procedure.stages)
    assert drawn.count("#8a4b08") == 2 * sum(len(stage.returns_to) for stage in procedure.stages)
