"""办理变动: the household's timeline and one page a step. A step that needs to know who first asks with GET, then with the form."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import roles
from core.errors import BadInput, Denied, Replayed, StaleVersion, WrongState
from core.web import drafts
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.posted import number_in, posted_version
from households import forms_family as forms
from households import selectors, selectors_family
from households.actions import family
from households.models import Household, Transfer
from households.selectors_family import REOPEN, Roll
from households.views import place_of

Call = dict[str, Any]
Done = tuple[str, Household | Transfer]


def _add(call: Call, form: forms.AddForm, key: str) -> Done:
    reason = form.cleaned_data["reason"]
    made = family.add_member(**call, member=form.entry, reason=reason, happening=form.happening, key=key)
    return f"已登记{form.cleaned_data['name']}入户，本户 {made.persons} 人。", made


def _leave(call: Call, form: forms.LeaveForm, key: str) -> Done:
    data = form.cleaned_data
    made = family.remove_members(
        **call, members=data["members"], reason=data["reason"], happening=form.happening, next_head=data.get("next_head", "")
    )
    if made.closed_on:
        return "已登记离户。户里没有人了，本户已销户，档案留着；登记有误的，报乡镇办“恢复户”。", made
    return ("已登记离户。户主待定，请接着指定新户主。" if made.head_pending else f"已登记离户，本户 {made.persons} 人。"), made


def _back(call: Call, form: forms.BackForm, key: str) -> Done:
    data = form.cleaned_data
    made = family.bring_back(**call, member=data["member"], relation=data["relation"], happening=form.happening, key=key)
    return f"已登记回到本户，本户 {made.persons} 人。", made


def _head(call: Call, form: forms.HeadForm, key: str) -> Done:
    made = family.name_head(**call, head=form.chosen["head"], relations=form.relations, happening=form.happening)
    return f"户主已改为{made.head_name}。", made


def _split(call: Call, form: forms.SplitForm, key: str) -> Done:
    made = family.split_household(**call, **form.chosen, relations=form.relations, happening=form.happening, key=key)
    return f"已分户，新户编号 {made.code}。新户的住房、土地等请另行登记。", made


def _merge(call: Call, form: forms.MergeForm, key: str) -> Done:
    made = family.merge_households(**call, into=form.chosen["other"], relations=form.relations, happening=form.happening)
    return f"已并入{made.head_name}户，原户已销户，档案留着。", made


def _move(call: Call, form: forms.MoveForm, key: str) -> Done:
    kind, _, code = form.cleaned_data["where"].partition(":")
    if kind == "g":
        return "已登记换组。", family.move_household(**call, group_code=code, happening=form.happening)
    wish = family.Wish(reason="moved", village_code=code)
    return "已提出迁移申请，等对方村或乡镇答复。", family.ask_transfer(**call, wish=wish, happening=form.happening, key=key)


def _transfer(call: Call, form: forms.TransferForm, key: str) -> Done:
    data, chosen = form.cleaned_data, form.chosen
    wish = family.Wish(reason=data["reason"], member=chosen["member"], to_code=chosen["other"], relation=data["relation"])
    if selectors_family.neighbour(form.roll.household, chosen["other"]):
        return "已办好转户。", family.transfer_within(**call, wish=wish, happening=form.happening)
    return "已提出转户申请，等对方村或乡镇答复。", family.ask_transfer(**call, wish=wish, happening=form.happening, key=key)


def _reopen(call: Call, form: forms.ReopenForm, key: str) -> Done:
    data = form.cleaned_data
    made = family.reopen_household(**call, members=data["members"], reason=data["reason"], happening=form.happening, key=key)
    return f"已恢复{made.head_name}户，户编号不变，本户 {made.persons} 人。" + ("户主待定，请本村接着指定户主。" if made.head_pending else ""), made


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its words, its form, what it does, the form that asks who or which household first, and whose it is."""

    title: str
    about: str
    button: str
    form: type[forms.StepForm]
    do: Callable[[Call, Any, str], Done]
    choose: type[forms.ChooseForm] | None = None
    right: str = roles.FAMILY_EVENT


STEPS: Mapping[str, Step] = {
    "add": Step("成员增加", "出生、婚入、迁入、收养、补录漏登", "登记入户", forms.AddForm, _add),
    "leave": Step("成员减少", "死亡、婚嫁、外迁、升学、参军、服刑", "登记离户", forms.LeaveForm, _leave),
    "back": Step("回到本户", "学成、退伍、刑满返回，或误登更正", "登记回户", forms.BackForm, _back),
    "head": Step("户主变更", "指定新户主，核对各人与新户主的关系", "改户主", forms.HeadForm, _head, forms.ChooseHead),
    "split": Step("分户", "一部分成员另立一户，新编户编号", "办理分户", forms.SplitForm, _split, forms.ChooseSplit),
    "merge": Step("并户", "全家并入本村另一户，本户销户", "办理并户", forms.MergeForm, _merge, forms.ChooseMerge),
    "move": Step("迁移", "全户换组，或迁到本县外村", "办理迁移", forms.MoveForm, _move),
    "transfer": Step("转户", "一名成员转到另一户，外村的要对方同意", "办理转户", forms.TransferForm, _transfer, forms.ChooseTransfer),
    REOPEN: Step("恢复户", "误登死亡、外迁等销的户，或人已回来", "恢复这一户", forms.ReopenForm, _reopen, right=roles.FAMILY_REOPEN),
}


@page(roles.HOUSEHOLD_VIEW)
def family_page(request: HttpRequest, code: str) -> HttpResponse:
    """变动 of a household: its timeline, and the steps one may take or why not."""
    household = selectors.visible_household(request.scope, code)
    own = {slug: step for slug, step in STEPS.items() if request.scope.may(step.right, household) and (slug != REOPEN or household.closed_on)}
    stops = selectors_family.stops_of(household, own) if own else {}
    steps = [{"slug": slug, "step": step, "stops": stops.get(slug, [])} for slug, step in own.items()]
    lines = selectors_family.timeline(request.scope, household)
    context = {"household": household, "place": place_of(household), "steps": steps, "lines": lines, "residences": selectors_family.residences_of(household)}
    return render(request, "households/family/family.html", context)


@page(roles.HOUSEHOLD_VIEW, "GET HEAD POST")
def family_step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """One step of 变动, in one or two pages."""
    household = selectors.visible_household(request.scope, code)
    found = STEPS[step]
    if not request.scope.may(found.right, household):
        raise Denied
    roll = selectors_family.roll_of(household)
    context = {"household": household, "place": place_of(household), "step": found, "slug": step}
    stops = selectors_family.stops_of(household, (step,)).get(step, [])
    if stops and request.method != "POST":
        return render(request, "households/family/step.html", context | {"stops": stops})
    if stops and (household.closed_on or household.hold):  # who is chosen below would be refused for reasons that are not the reason
        raise WrongState("".join(stops))
    chosen = _chosen(request, found, roll)
    if isinstance(chosen, forms.ChooseForm):
        return render(request, "households/family/choose.html", context | {"form": chosen}, status=400 if request.method == "POST" else 200)
    draft = drafts.typed(request, f"family.{step}", _subject(code, chosen))
    data = request.POST if request.method == "POST" else draft
    form = found.form(data, roll=roll, chosen=chosen)
    form = form if draft is None else drafts.unchecked(form)
    begun = {"version": (data or {}).get("version", household.version), "key": (data or {}).get("key", "")[:64] or request.request_id}
    return _work(request, found, form, context | begun | {"form": form, "chosen": _hidden(chosen)})


def _work(request: HttpRequest, step: Step, form: forms.StepForm, context: dict[str, Any]) -> HttpResponse:
    """The form, or what came of it: 303 to what was made, 412 for a page that somebody overtook, 400 for input to mend."""
    household, status = context["household"], 200
    draft = f"family.{context['slug']}", _subject(household.code, dict(form.chosen))
    if request.method == "POST" and form.is_valid():
        call = {"scope": request.scope, "code": household.code, "version": posted_version(request), "origin": origin_of(request)}
        try:
            said, made = step.do(call, form, context["key"])
            drafts.saved(request, *draft)
            messages.success(request, said)
            return _onward(made, request.scope.may(roles.FAMILY_EVENT, household))
        except Replayed:
            return redirect("family", household.code)
        except StaleVersion as error:
            latest = selectors.visible_household(request.scope, household.code).version
            status, context["overtaken"], context["version"] = 412, error, latest
        except BadInput as error:
            put_back(form, error)
    context["keeping"] = drafts.keeping(request, *draft, base_version=number_in(str(context["version"])))
    return render(request, "households/family/step.html", context, status=400 if form.errors else status)


def _onward(made: Household | Transfer, may_name: bool) -> HttpResponse:
    if isinstance(made, Transfer):
        return redirect("transfer", made.uuid)
    return redirect("family_step", made.code, "head") if made.head_pending and may_name else redirect("family", made.code)


def _chosen(request: HttpRequest, step: Step, roll: Roll) -> dict[str, Any] | forms.ChooseForm:
    """What the first page of the step settled, or that page while it is not settled."""
    if step.choose is None:
        return {}
    data = request.POST if request.method == "POST" else request.GET
    form = step.choose(data if any(name in data for name in step.choose.base_fields) else None, roll=roll)
    return form.cleaned_data if form.is_valid() else form


def _hidden(chosen: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, one) for name, value in chosen.items() for one in (value if isinstance(value, list) else [value])]


def _subject(code: str, chosen: dict[str, Any]) -> str:
    """A draft belongs to what the first page of the step settled: who, or which household."""
    if not chosen:
        return code
    mark = hashlib.sha256(repr(sorted(_hidden(chosen))).encode()).hexdigest()
    return f"{code}/{mark[:16]}"


def put_back(form: Any, error: BadInput) -> None:
    """The action's reasons beside the fields that they are about, the rest above the form."""
    if not error.fields:
        form.add_error(None, error.message)
    for name, reasons in error.fields.items():
        for reason in reasons:
            form.add_error(name if name in form.fields else None, reason)
