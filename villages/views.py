"""Places for the system administrator, settings for the county office. No household is shown here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.errors import BadInput
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.remembered import remembers_filters
from villages import actions, forms
from villages.models import County, Township, Village
from villages.rights import COUNTY_SETTINGS, PLACE_MANAGE


@page(PLACE_MANAGE)
@remembers_filters
def place_list(request: HttpRequest) -> HttpResponse:
    """Townships of the counties, and the villages of the one that is open."""
    townships = list(Township.objects.select_related("county"))
    wanted = request.GET.get("township", "")
    chosen = next((row for row in townships if row.code == wanted), townships[0] if townships else None)
    villages = Village.objects.filter(township=chosen).prefetch_related("groups")
    return render(request, "villages/places.html", {"townships": townships, "chosen": chosen, "villages": villages})


@page(PLACE_MANAGE, "GET HEAD POST")
def village_page(request: HttpRequest, code: str) -> HttpResponse:
    village = get_object_or_404(Village.objects.select_related("township", "county"), code=code)
    form = forms.GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_group(scope=request.scope, village_code=code, **form.cleaned_data, origin=origin_of(request))
            return redirect("village", code)
        except BadInput as error:
            form.add_error(None, error.message)
    groups = village.groups.prefetch_related("populations")
    return render(request, "villages/village.html", {"village": village, "groups": groups, "form": form})


@page(PLACE_MANAGE, "POST")
def population(request: HttpRequest, code: str) -> HttpResponse:
    form = forms.PopulationForm(request.POST)
    if not form.is_valid():
        raise BadInput("户数和人口须为不小于 0 的整数。", fields=form.errors)
    actions.set_population(scope=request.scope, **form.cleaned_data, origin=origin_of(request))
    messages.success(request, f"已保存 {form.cleaned_data['year']} 年户籍户数和人口。")
    return redirect("village", code)


@page(COUNTY_SETTINGS, "GET HEAD POST")
def county_settings(request: HttpRequest) -> HttpResponse:
    county = get_object_or_404(County.objects.visible_to(request.scope.narrowed_to(COUNTY_SETTINGS)))
    form = forms.CountySettingsForm(request.POST or None, initial={"hide_score": county.hide_score})
    if request.method == "POST" and form.is_valid():
        actions.set_hide_score(
            scope=request.scope, county_code=county.code, hide=form.cleaned_data["hide_score"], origin=origin_of(request)
        )
        messages.success(request, "设置已保存。")
        return redirect("county_settings")
    return render(request, "villages/county_settings.html", {"county": county, "form": form})
