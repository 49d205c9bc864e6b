from django.urls import path

from households import views_exclusions

urlpatterns = [
    path("households/<slug:code>/exclusions/", views_exclusions.household_exclusions, name="household_exclusions"),
    path(
        "households/<slug:code>/exclusions/<slug:condition>/override/",
        views_exclusions.exclusion_override,
        name="exclusion_override",
    ),
    path(
        "households/<slug:code>/exclusions/<slug:condition>/confirm/",
        views_exclusions.exclusion_confirm,
        name="exclusion_confirm",
    ),
]
