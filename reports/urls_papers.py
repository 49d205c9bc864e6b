from django.urls import path

from reports import views_papers

urlpatterns = [
    path("papers/", views_papers.papers, name="papers"),
    path("papers/village/", views_papers.papers_village, name="papers_village"),
    path("papers/<slug:paper>/<slug:target>/", views_papers.paper_print, name="paper_print"),
]
