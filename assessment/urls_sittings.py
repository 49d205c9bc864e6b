from django.urls import path

from assessment import views_desk, views_sittings

urlpatterns = [
    path("sittings/", views_sittings.sitting_list, name="sittings"),
    path("sittings/new/", views_sittings.sitting_new, name="sitting_new"),
    path("sittings/<uuid:uuid>/", views_desk.sitting, name="sitting"),
    path("sittings/<uuid:uuid>/head/", views_desk.sitting_head, name="sitting_head"),
    path("sittings/<uuid:uuid>/ballots/", views_desk.sitting_ballots, name="sitting_ballots"),
    path("sittings/<uuid:uuid>/close/", views_desk.sitting_close, name="sitting_close"),
    path("sittings/<uuid:uuid>/drop/", views_desk.sitting_drop, name="sitting_drop"),
]
