from django.urls import path

from reports import views_exports as views

urlpatterns = [
    path("", views.exports, name="exports"),
    path("requests/<uuid:request_id>/decide/", views.decide, name="export_decide"),
    path("requests/<uuid:request_id>/withdraw/", views.withdraw, name="export_withdraw"),
]
