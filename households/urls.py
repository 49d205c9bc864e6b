from django.urls import path

from households import views

urlpatterns = [
    path("households/", views.household_list, name="households"),
    path("households/new/", views.household_new, name="household_new"),
    path("households/<slug:code>/", views.household_file, name="household"),
    path("households/<slug:code>/edit/", views.household_edit, name="household_edit"),
    path("households/<slug:code>/reveal/", views.household_reveal, name="household_reveal"),
]
