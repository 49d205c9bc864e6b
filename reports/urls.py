from django.urls import include, path

from reports import views, views_snapshots

urlpatterns = [
    path("", views.home, name="home"),
    path("tables/", views.tables, name="tables"),
    path("tables/rollup/", views.roll_up, name="tables_rollup"),
    path("tables/freeze/", views_snapshots.freeze, name="tables_freeze"),
    path("tables/snapshots/", views_snapshots.snapshot_list, name="snapshots"),
    path("tables/snapshots/<slug:serial>/compare/", views_snapshots.snapshot_compare, name="snapshot_compare"),
    path("tables/snapshots/<slug:serial>/xlsx/", views_snapshots.snapshot_file, name="snapshot_file"),
    path("tables/snapshots/<slug:serial>/compare/xlsx/", views_snapshots.snapshot_compare_file, name="snapshot_compare_file"),
    path("tables/<slug:level>/", views.table, name="table"),
    path("tables/<slug:level>/cell/", views.table_cell, name="table_cell"),
    path("", include("reports.urls_looks")),
    path("", include("reports.urls_papers")),
    path("", include("reports.urls_documents")),
    path("exports/", include("reports.urls_exports")),
]
