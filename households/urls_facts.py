from django.urls import path

from households import views_income, views_member

urlpatterns = [
    path("households/<slug:code>/income/", views_income.household_income, name="household_income"),
    path("households/<slug:code>/income/<int:year>/", views_income.income_year, name="income_year"),
    path("households/<slug:code>/members/<uuid:member>/", views_member.member, name="member"),
]
