from django.urls import path

from assessment import views_cases

urlpatterns = [
    path("households/<slug:code>/amend/", views_cases.case_amend, name="case_amend"),
    path("households/<slug:code>/end/", views_cases.case_end, name="case_end"),
    path("households/<slug:code>/file/print/", views_cases.case_file_print, name="case_file_print"),
]
