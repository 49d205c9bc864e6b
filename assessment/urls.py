from django.urls import include, path

from assessment import views, views_survey

urlpatterns = [
    path("households/<slug:code>/survey/", views_survey.survey, name="survey"),
    path("households/<slug:code>/survey/again/", views_survey.survey_again, name="survey_again"),
    path("households/<slug:code>/survey/submit/", views_survey.survey_submit, name="survey_submit"),
    path("households/<slug:code>/survey/print/", views_survey.survey_print, name="survey_print"),
    path("households/<slug:code>/survey/blank/print/", views_survey.survey_blank_print, name="survey_blank_print"),
    path("rubrics/", views.rubric_list, name="rubrics"),
    path("rubrics/<slug:code>/", views.rubric, name="rubric"),
    path("", include("assessment.urls_import")),
    path("", include("assessment.urls_rounds")),
    path("", include("assessment.urls_sittings")),
    path("", include("assessment.urls_samples")),
    path("", include("assessment.urls_notices")),
    path("", include("assessment.urls_objections")),
    path("", include("assessment.urls_cases")),
    path("", include("assessment.urls_papers")),
    path("", include("assessment.urls_photos")),
    path("", include("assessment.urls_signing")),
    path("", include("assessment.urls_coverage")),
    path("", include("assessment.urls_merging")),
]
