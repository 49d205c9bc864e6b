from django.urls import path

from villages import views

urlpatterns = [
    path("manage/places/", views.place_list, name="places"),
    path("manage/places/<slug:code>/", views.village_page, name="village"),
    path("manage/places/<slug:code>/population/", views.population, name="population"),
    path("manage/county/", views.county_settings, name="county_settings"),
]
