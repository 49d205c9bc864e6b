from django.urls import path

from assessment import views_evidence, views_panels, views_papers

urlpatterns = [
    path("panels/", views_panels.panel_list, name="panels"),
    path("panels/new/", views_panels.panel_new, name="panel_new"),
    path("panels/<uuid:panel_uuid>/", views_panels.panel_edit, name="panel"),
    path("panels/<uuid:panel_uuid>/retire/", views_panels.panel_retire, name="panel_retire"),
    path("evidence/new/", views_evidence.evidence_new, name="evidence_new"),
    path("evidence/<uuid:evidence_uuid>/", views_evidence.evidence_file, name="evidence"),
    path("sittings/<uuid:sitting_uuid>/minutes/print/", views_papers.minutes_print, name="sitting_minutes_print"),
    path("sittings/<uuid:sitting_uuid>/sign-in/print/", views_papers.sign_in_print, name="sitting_sign_in_print"),
]
