from django.urls import path

from assessment import views_papers, views_samples

urlpatterns = [
    path("sittings/<uuid:uuid>/sample/", views_samples.sitting_sample, name="sitting_sample"),
    path("sittings/<uuid:uuid>/sample/<uuid:case_uuid>/", views_samples.sitting_recheck, name="sitting_recheck"),
    path("sittings/<uuid:uuid>/income/<uuid:case_uuid>/", views_samples.sitting_income, name="sitting_income"),
    path("sittings/<uuid:sitting_uuid>/sample/print/", views_papers.sample_print, name="sitting_sample_print"),
]
