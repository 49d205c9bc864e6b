import time
from tests.assessment.meetings import Hall
from assessment.models import Case, Sitting
def test_prof(scope, round_, make_case, login, rf):
    from assessment import desk, docket as D, views_desk
    from assessment.actions.sitting_steps import waiting
    from assessment.actions.casework import facts_of
    hall=Hall(scope)
    for n in range(1,301): make_case(number=n, points=30+n%60)
    hall.up_to("xh")
    s=hall.ready("xh", group=None)
    for c in Case.objects.all()[:200]: hall.ballot(s, c, by="township")
    c=login("township"); c.get(f"/sittings/{s.uuid}/"); c.get(f"/sittings/{s.uuid}/")
    sc=scope("township")
    def clock(name, f):
        best=9e9
        for i in range(5):
            t=time.process_time(); f(); best=min(best,time.process_time()-t)
        print(name, round(best*1000,1))
    clock("docket", lambda: D.docket(sc, s.uuid))
    clock("rows", lambda: list(D._rows(waiting(s))))
    cases=list(D._rows(waiting(s)))
    clock("facts", lambda: facts_of(cases))
    t=D.docket(sc,s.uuid)
    clock("desk rows", lambda: desk.rows_of(t, t.lines, "/x/", "all"))
    clock("frame", lambda: desk.frame_of(t))
    clock("filters", lambda: desk.filters(t, "/x/", "all"))
    clock("page", lambda: c.get(f"/sittings/{s.uuid}/"))
    from django.template.loader import render_to_string
    clock("list tpl", lambda: render_to_string("sittings/_list.html", {"rows": desk.rows_of(t,t.lines,"/x/","all"), "tally": desk.tally_of(t), "prior_votes":"村议","stage":t.stage,"sitting":s}))
