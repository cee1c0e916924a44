# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where an act moved somebody to, on their row and in the camps: inside that act, which holds the person. `holding.py` says where that is."""

from collections.abc import Collection, Iterable

from safeconduct.desk.custody import holding, owing
from safeconduct.desk.custody.errors import CampClosed, NoSuchCamp
from safeconduct.desk.custody.models import Camp, Person, Quarters
from safeconduct.desk.custody.models import Event as EventRow


def there(camp: Camp | None) -> Camp:
    """It does not close before they are in it. Others may enter meanwhile what happens there."""
    if camp is None:
        raise NoSuchCamp
    camp = Camp.objects.select_for_update(no_key=True).get(pk=camp.pk)
    if not camp.is_open:
        raise CampClosed
    return camp


def moved(person: Person, rows: Collection[EventRow]) -> bool:
    """They are where `holding` has them by what stands. Whether that changed."""
    camp = holding.place(rows)
    if camp == person.camp:
        return False
    person.camp, person.quarters = camp, _like(person.quarters, camp)
    Person.objects.filter(pk=person.pk).update(camp=person.camp, quarters=person.quarters)
    return True


def settle(camps: Iterable[Camp | None], *, anew: bool = False) -> None:
    """Whoever came or left may have been the first or the last: a camp owes its daily care while somebody is held there.

    `anew`: the day on which somebody came may be another.
    """
    for pk in sorted({camp.pk for camp in camps if camp is not None}):
        camp = Camp.objects.select_for_update().get(pk=pk)
        if anew or owing.owes_daily_care(camp) != camp.people.exists():
            owing.work_out_camp(camp)


def _like(quarters: Quarters | None, camp: Camp | None) -> Quarters | None:
    """Who lived in women's quarters lives in women's quarters of the next camp, whether or not it has said that it has any."""
    if quarters is None or camp is None or quarters.camp_id == camp.pk:
        return quarters
    return Quarters.objects.get_or_create(camp=camp, category=quarters.category, defaults={"places": 0})[0]
