from django.urls import path

from assessment import views_desk, views_papers, views_ranking, views_sittings

urlpatterns = [
    path("sittings/", views_sittings.sitting_list, name="sittings"),
    path("sittings/new/", views_sittings.sitting_new, name="sitting_new"),
    path("sittings/<uuid:uuid>/", views_desk.sitting, name="sitting"),
    path("sittings/<uuid:uuid>/head/", views_desk.sitting_head, name="sitting_head"),
    path("sittings/<uuid:uuid>/ballots/", views_desk.sitting_ballots, name="sitting_ballots"),
    path("sittings/<uuid:uuid>/batch/", views_desk.sitting_batch, name="sitting_batch"),
    path("sittings/<uuid:uuid>/close/", views_desk.sitting_close, name="sitting_close"),
    path("sittings/<uuid:uuid>/drop/", views_desk.sitting_drop, name="sitting_drop"),
    path("sittings/<uuid:uuid>/ranking/", views_ranking.ranking, name="sitting_ranking"),
    path("sittings/<uuid:uuid>/ranking/<int:seat>/", views_ranking.ranking_sheet, name="sitting_ranking_sheet"),
    path("sittings/<uuid:uuid>/ranking/way/", views_ranking.ranking_way, name="sitting_ranking_way"),
    path("sittings/<uuid:uuid>/ranking/line/", views_ranking.ranking_line, name="sitting_ranking_line"),
    path("sittings/<uuid:uuid>/ranking/tie/", views_ranking.ranking_tie, name="sitting_ranking_tie"),
    path("sittings/<uuid:uuid>/ranking/ballots/", views_ranking.ranking_ballots, name="sitting_ranking_ballots"),
    path("sittings/<uuid:sitting_uuid>/ranking/print/", views_papers.ranking_print, name="sitting_ranking_print"),
]
