from django.urls import path

from households import views_papers

urlpatterns = [
    path("households/<slug:code>/papers/", views_papers.household_papers, name="household_papers"),
    path("households/<slug:code>/papers/new/", views_papers.household_paper_new, name="household_paper_new"),
    path("households/<slug:code>/papers/sign/", views_papers.household_paper_sign, name="household_paper_sign"),
    path("signed/<uuid:paper_uuid>/", views_papers.household_paper_file, name="household_paper_file"),
    path("signed/<uuid:paper_uuid>/set-aside/", views_papers.household_paper_set_aside, name="household_paper_set_aside"),
]
