from django.urls import path

from assessment import views_coverage

urlpatterns = [path("coverage/", views_coverage.coverage_page, name="coverage")]
