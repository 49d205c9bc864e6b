"""Blind indexes of persons under the current index key: computed beside, then swapped in one transaction (ruling 6)."""

from households.models import Membership, Person
from households.secrets import id_index, id_last4_index, reveal


def rebuild_person_indexes() -> int:
    """Recompute every index from the number itself. Runs inside the caller's transaction: readers see all old or all new."""
    townships = dict(
        Membership.objects.current().order_by("pk").values_list("person_id", "township__code")
    )
    persons = list(Person.objects.select_for_update().exclude(id_enc="").order_by("pk"))
    fresh = {person.pk: reveal(person, "id") for person in persons}
    # Emptied first: on the way an old and a new value could meet in the unique constraint.
    Person.objects.filter(pk__in=fresh).update(id_index="")
    for pk, number in fresh.items():
        Person.objects.filter(pk=pk).update(id_index=id_index(number), id_last4_index=id_last4_index(number, townships.get(pk, "")))
    return len(fresh)
