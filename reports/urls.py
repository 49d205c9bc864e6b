from django.urls import path

from reports import views

urlpatterns = [
    path("", views.home, name="home"),
    path("tables/", views.tables, name="tables"),
    path("tables/rollup/", views.roll_up, name="tables_rollup"),
    path("tables/<slug:level>/", views.table, name="table"),
    path("tables/<slug:level>/cell/", views.table_cell, name="table_cell"),
    path("exports/", views.exports, name="exports"),
]
