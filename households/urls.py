from django.urls import include, path

from households import views, views_edit, views_find

urlpatterns = [
    path("households/", views.household_list, name="households"),
    path("households/new/", views_edit.household_new, name="household_new"),
    path("households/find/", views_find.household_find, name="household_find"),
    path("households/<slug:code>/", views.household_file, name="household"),
    path("households/<slug:code>/edit/", views_edit.household_edit, name="household_edit"),
    path("households/<slug:code>/reveal/", views.household_reveal, name="household_reveal"),
    path("", include("households.urls_facts")),
    path("", include("households.urls_family")),
    path("", include("households.urls_quality")),
    path("", include("households.urls_papers")),
    path("", include("households.urls_exclusions")),
]
