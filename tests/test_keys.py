"""Keys: a wrong one stops the start, a new one re-seals everything, demo data never runs in production (rulings 6 and 28, trust 36)."""

import pytest
from django.core.management import call_command

from core import keycheck
from core.crypto import WrongKey, needs_rotation
from core.crypto.keyring import new_key_text
from core.models import KeyCheck
from households.models import Person
from households.secrets import id_index, reveal


def test_a_process_with_another_field_key_does_not_start(db, settings):
    keycheck.verify_or_store()
    settings.FIELD_KEY = new_key_text("other")
    with pytest.raises(WrongKey):
        keycheck.verify_or_store()


def test_production_refuses_a_database_that_the_demo_filled(db, settings):
    keycheck.mark_demo()
    settings.PRODUCTION = True
    with pytest.raises(keycheck.DemoData, match="演示数据"):
        keycheck.verify_or_store()


def test_an_operator_rotates_the_field_key_and_every_number_still_opens(make_household, settings):
    keycheck.verify_or_store()
    household = make_household()
    number = reveal(household.memberships.get(relation="01").person, "id")
    settings.FIELD_KEY_PREVIOUS, settings.FIELD_KEY = settings.FIELD_KEY, new_key_text("k2")
    call_command("rotate_keys")
    person = household.memberships.get(relation="01").person
    assert not needs_rotation(person.id_enc) and reveal(person, "id") == number
    settings.FIELD_KEY_PREVIOUS = ""
    keycheck.verify_or_store()


def test_an_operator_rotates_the_index_key_and_a_number_is_still_found(make_household, settings):
    keycheck.verify_or_store()
    household = make_household()
    number = reveal(household.memberships.get(relation="01").person, "id")
    settings.INDEX_KEY_PREVIOUS, settings.INDEX_KEY = settings.INDEX_KEY, new_key_text("i2")
    call_command("rotate_keys", "--index")
    assert Person.objects.filter(id_index=id_index(number)).count() == 1
    assert KeyCheck.objects.get(key_id=keycheck.DATABASE).value
