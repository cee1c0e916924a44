# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from tests.desk.conftest import House

from safeconduct.cli.alerts_reach import reach
from safeconduct.desk.alerts import messages, settings, transports, watching
from safeconduct.desk.alerts.audited import LATE, SETTINGS
from safeconduct.desk.alerts.clock import Clock, Periodic
from safeconduct.desk.alerts.errors import BadSettings
from safeconduct.desk.alerts.models import Alert, Carried, PeriodicAct
from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.operators.roles import Role

WHOLE = """
every_minutes = 30
order = ["on-duty", "sofia"]
[[transport]]
name = "mail"
url = "mailtos://user:s3cr3t@mail.example.org?to=shift@example.org"
reaches = "sofia"
[heartbeat]
url = "https://watch.example.org/s3cr3t"
"""


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / settings.NAME
    path.write_text(text)
    path.chmod(mode)
    return folder


def test_the_file_says_where_how_often_and_whom(tmp_path: Path) -> None:
    said = settings.read(written(tmp_path, WHOLE))
    assert (said.every, said.step_of(said.transport[0])) == (timedelta(minutes=30), 1)
    assert not said.urgent
    assert "s3cr3t" not in repr(said)


def test_without_a_file_nothing_goes_out(tmp_path: Path) -> None:
    assert settings.read(tmp_path) == settings.NONE


@pytest.mark.rule("T3")
@pytest.mark.parametrize(
    ("said", "mend"),
    [
        (WHOLE.replace("mailtos://", "s3cr3t "), "transport"),
        (WHOLE.replace('reaches = "sofia"', 'reaches = "nobody"'), "reaches nobody"),
        (WHOLE.replace("every_minutes = 30", "every_minutes = 1"), "every_minutes"),
        (WHOLE.replace("urgent", "s3cr3t").replace("every_minutes = 30", 'color = "s3cr3t"'), "color"),
        (WHOLE + '[[transport]]\nname = "mail"\nurl = "json://s3cr3t"', "same name"),
        ("s3cr3t = [", "no TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_mend_and_without_its_values(
    tmp_path: Path, said: str, mend: str
) -> None:
    with pytest.raises(BadSettings) as refused:
        settings.read(written(tmp_path, said))
    assert mend in str(refused.value)
    assert "s3cr3t" not in str(refused.value)


@pytest.mark.rule("T3")
def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="chmod 600"):
        settings.read(written(tmp_path, WHOLE, 0o640))


def test_settings_that_break_are_an_alert_at_the_desk_until_they_are_mended(house: House, tmp_path: Path) -> None:
    assert watching.settings_or_none(written(tmp_path, "[")) == settings.NONE
    assert Alert.objects.get().kind == SETTINGS
    watching.settings_or_none(written(tmp_path, WHOLE))
    assert Alert.objects.get().is_over


def test_an_act_of_the_clock_that_is_late_is_an_alert_until_it_is_done(house: House) -> None:
    now, hour = timezone.now(), timedelta(hours=1)
    table = [Periodic("sweep", "Destroy what has ended", hour, 2 * hour)]
    PeriodicAct.objects.create(name="sweep", known_since=now - 3 * hour)
    watching.watch(table, now, settings.NONE)
    assert Alert.objects.get().kind == LATE
    Clock(table, {"sweep": lambda _now: None}, holder="a", now=lambda: now).tick()
    watching.watch(table, now, settings.NONE)
    assert Alert.objects.get().is_over


def test_apprise_is_spoken_to_in_one_place() -> None:
    house = Path(settings.__file__).parents[2]
    speaks = {path.name for path in house.rglob("*.py") if "apprise import" in path.read_text(encoding="utf-8")}
    names = re.compile(r"^from safeconduct\.desk\.alerts import .*\btransports\b", re.MULTILINE)
    imports = {path.name for path in house.rglob("*.py") if names.search(path.read_text(encoding="utf-8"))}
    assert speaks == {"transports.py"}
    # the two clocks send by it, and the doctor asks it whether it can read an address
    assert imports == {"workers.py", "custody_clock.py", "alerts_reach.py"}


def test_an_address_that_apprise_does_not_know_is_told_apart() -> None:
    transports.prepare()
    assert transports.is_readable("mailtos://user:word@mail.example.org")
    assert not transports.is_readable("nonsense://example.org")


def test_health_and_doctor_say_when_nobody_away_from_the_desk_would_be_told(
    house: House, administrator: Client, tmp_path: Path
) -> None:
    assert "Nobody away from the desk is told" in administrator.get("/health/").content.decode()
    assert [bool(mend) for _what, mend in reach(tmp_path, demonstration=False)] == [True]
    written(tmp_path, WHOLE)
    Carried.objects.create(name="mail", failures=3, failing_since=timezone.now() - timedelta(hours=2))
    page = administrator.get("/health/").content.decode()
    assert "fails for 2" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "s3cr3t" not in page
    assert [mend for _what, mend in reach(tmp_path, demonstration=False)] == [""]


def test_the_card_at_the_desk_has_the_word_of_the_next_message(house: House, operator: Client, tmp_path: Path) -> None:
    written(tmp_path, WHOLE)
    slot = messages.slot_of(timezone.now(), timedelta(minutes=30))
    page = operator.get("/alerts/").content.decode()
    assert all(messages.word("mail", one, looks=False) in page for one in (slot + 1, slot + 10))


def test_an_alert_that_nobody_has_taken_stands_in_the_head_of_every_page(house: House, operator: Client) -> None:
    assert "1 alert" not in operator.get("/help/").content.decode()
    raise_alert(LATE)
    assert "1 alert" in operator.get("/help/").content.decode()
    assert "1 alert" in operator.get("/alerts/head/").content.decode()
    editor = house.signed_in(Role.EDITOR)  # who sees no alerts
    assert "1 alert" not in editor.get("/help/").content.decode()
