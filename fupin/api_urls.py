"""REST, `/api/v1/`: one line a route; each app owns its views. Any other address is a JSON 404."""

from django.urls import include, path, re_path

from accounts.api import ChangeList, JobList, JobObject, SchemaDocument, SchemaPage
from assessment.api.cases import CaseList, CaseObject
from assessment.api.notices import NoticeList, NoticeObject
from assessment.api.objections import ObjectionList, ObjectionObject
from assessment.api.rounds import RoundList
from assessment.api.rubrics import RubricList, RubricObject
from assessment.api.score import ScoreForm
from assessment.api.sittings import SittingList, SittingObject
from assessment.api.surveys import SurveyList
from core.api.views import NoSuchRoute
from households.api import HouseholdList, HouseholdObject, HouseholdStream, MemberList
from reports.api import CellList, TableObject
from reports.api_snapshots import SnapshotList, SnapshotObject
from villages.api import DivisionList

v1 = [
    path("divisions/", DivisionList.as_view(), name="api-divisions"),
    path("households/", HouseholdList.as_view(), name="api-households"),
    path("households/stream/", HouseholdStream.as_view(), name="api-households-stream"),
    re_path(r"^households/(?P<code>[0-9]{16})/$", HouseholdObject.as_view(), name="api-household"),
    path("members/", MemberList.as_view(), name="api-members"),
    path("rubrics/", RubricList.as_view(), name="api-rubrics"),
    re_path(r"^rubrics/(?P<code>[0-9A-Za-z-]{1,32})/$", RubricObject.as_view(), name="api-rubric"),
    path("rounds/", RoundList.as_view(), name="api-rounds"),
    path("surveys/", SurveyList.as_view(), name="api-surveys"),
    path("cases/", CaseList.as_view(), name="api-cases"),
    re_path(r"^cases/(?P<code>[0-9]{16}@[0-9A-Za-z-]{1,24})/$", CaseObject.as_view(), name="api-case"),
    path("sittings/", SittingList.as_view(), name="api-sittings"),
    path("sittings/<uuid:id>/", SittingObject.as_view(), name="api-sitting"),
    path("notices/", NoticeList.as_view(), name="api-notices"),
    path("notices/<uuid:id>/", NoticeObject.as_view(), name="api-notice"),
    path("objections/", ObjectionList.as_view(), name="api-objections"),
    re_path(r"^objections/(?P<code>[0-9A-Za-z-]{1,24})/$", ObjectionObject.as_view(), name="api-objection"),
    path("jobs/", JobList.as_view(), name="api-jobs"),
    path("jobs/<uuid:id>/", JobObject.as_view(), name="api-job"),
    path("score/", ScoreForm.as_view(), name="api-score"),
    path("tables/cell/", CellList.as_view(), name="api-cell"),
    re_path(r"^tables/(?P<level>village|township|county)/$", TableObject.as_view(), name="api-table"),
    path("snapshots/", SnapshotList.as_view(), name="api-snapshots"),
    re_path(r"^snapshots/(?P<id>[0-9A-Za-z-]{1,64})/$", SnapshotObject.as_view(), name="api-snapshot"),
    path("changes/", ChangeList.as_view(), name="api-changes"),
]

urlpatterns = [
    path("v1/", include(v1)),
    path("schema/", SchemaDocument.as_view(), name="api-schema"),
    path("docs/", SchemaPage.as_view(), name="api-docs"),
    re_path(r"^.*\Z", NoSuchRoute.as_view(), name="api-missing"),
]
