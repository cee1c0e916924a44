# SPDX-License-Identifier: AGPL-3.0-or-later
"""English words that this house and others use for different things, as a Ukrainian desk reads them."""

from collections.abc import Callable

from django.conf import settings
from django.test import Client
from django.utils import translation

from safeconduct.desk.custody import telling
from safeconduct.desk.custody.models import Camp
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import PersonEvent


def test_a_prisoner_who_is_released_is_not_opened_like_a_place() -> None:
    with translation.override("uk"):
        assert str(telling.EVENTS[PersonEvent.RELEASED]) == "звільнено"


def test_a_camp_has_room_for_people_and_a_name_that_is_no_person_s(
    desk_of: Callable[[Role], Client], camp: Camp
) -> None:
    browser = desk_of(Role.REGISTRAR)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "uk"
    pages = [browser.get(path).content.decode() for path in ("/camps/", f"/camps/{camp.pk}/")]
    assert all('<th scope="col">Місць</th>' in page for page in pages)
    assert '<label for="name">Назва табору</label>' in pages[0]
