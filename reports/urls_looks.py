from django.urls import path

from reports import views_dashboards, views_maps

urlpatterns = [
    path("dashboard/", views_dashboards.dashboard, name="dashboard"),
    path("map/", views_maps.map_page, name="map"),
    path("map/outlines/", views_maps.outlines_page, name="outlines"),
    path("wallchart/", views_maps.wall_chart_page, name="wall_chart"),
]
