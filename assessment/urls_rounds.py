from django.urls import path

from assessment import views_listing, views_rounds

urlpatterns = [
    path("rounds/", views_rounds.round_list, name="rounds"),
    path("rounds/new/", views_rounds.round_new, name="round_new"),
    path("rounds/<slug:code>/", views_rounds.round_board, name="round"),
    path("rounds/<slug:code>/settings/", views_rounds.round_settings, name="round_settings"),
    path("rounds/<slug:code>/close/", views_rounds.round_close, name="round_close"),
    path("rounds/<slug:code>/villages/<slug:village_code>/", views_rounds.village_list, name="village_list"),
    path("rounds/<slug:code>/villages/<slug:village_code>/listing/", views_listing.listing, name="listing"),
]
