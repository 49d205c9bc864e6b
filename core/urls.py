from django.urls import path

from core import views, views_drafts

urlpatterns = [
    path("jobs/", views.job_list, name="jobs"),
    path("jobs/<uuid:job_id>/", views.job_page, name="job"),
    path("jobs/<uuid:job_id>/status.json", views.job_status, name="job_status"),
    path("jobs/<uuid:job_id>/cancel/", views.job_cancel, name="job_cancel"),
    path("jobs/<uuid:job_id>/file/", views.job_file, name="job_file"),
    path("drafts/", views_drafts.draft_save, name="draft_save"),
    path("drafts/discard/", views_drafts.draft_discard, name="draft_discard"),
    path("healthz", views.healthz, name="healthz"),
]
