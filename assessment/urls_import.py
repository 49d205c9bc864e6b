from django.urls import path

from assessment import views_import as views

urlpatterns = [
    path("imports/", views.import_list, name="imports"),
    path("imports/new/", views.import_new, name="import_new"),
    path("imports/<uuid:run_uuid>/", views.import_detail, name="import_detail"),
    path("imports/<uuid:run_uuid>/confirm/", views.import_confirm, name="import_confirm"),
    path("imports/<uuid:run_uuid>/cancel/", views.import_cancel, name="import_cancel"),
    path("imports/<uuid:run_uuid>/suspicions/<uuid:suspicion_uuid>/", views.import_verdict, name="import_verdict"),
    path("imports/<uuid:run_uuid>/undo/", views.import_undo, name="import_undo"),
    path("imports/<uuid:run_uuid>/errors.xlsx", views.import_errors, name="import_errors"),
]
