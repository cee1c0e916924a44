# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk believes the board as an edge would: only then does the old key's last week begin."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.desk.conftest import House

from safeconduct.cli.teams import published_teams
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.emergency import acts as emergency
from safeconduct.desk.operators import acts, lockdown
from safeconduct.desk.operators.models import KeyRotation, TeamKey
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project import board_watch
from safeconduct.sealing import publication
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import Posted

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


@pytest.fixture
def signers(tmp_path: Path) -> list[SigningKey]:
    keys = [SigningKey.generate() for _ in range(4)]
    public = [key.verify_key for key in keys]
    (tmp_path / "root.json").write_bytes(publication.make_root(public[:2], public[2:], expires=LATER))
    return keys[:2]


def posted(content: bytes, signers: list[SigningKey]) -> Posted:
    document = publication.draft("teams", content, version=1, expires=LATER)
    for key in signers:
        document = publication.add_signature(document, key)
    return Posted(1, document, content)


def test_a_key_that_the_board_names_is_noted_once(house: House, signers: list[SigningKey], tmp_path: Path) -> None:
    shown = posted(published_teams(), signers)
    for day in (NOW, NOW + timedelta(days=1)):
        assert board_watch.look(lambda _name: shown, tmp_path, day) == 2
    noted = TeamKey.objects.filter(published__isnull=False).values_list("team__code", flat=True)
    assert set(noted) == {"intake", "handover"}


def test_somebody_is_asked_while_a_key_is_owed_and_while_the_desk_is_locked(house: House, tmp_path: Path) -> None:
    def kinds() -> set[str]:
        board_watch.look(lambda _name: None, tmp_path, NOW)
        return set(Alert.objects.filter(is_over=False).values_list("kind", flat=True))

    assert kinds() == set()
    administrator = house.person(Role.ADMINISTRATOR).operator
    acts.deactivate(house.person(Role.SUPERVISOR).operator, actor=administrator)
    emergency.lock_everybody(administrator)
    assert kinds() == {"keys.due", "keys.locked"}
    KeyRotation.objects.all().delete()
    lockdown.end()
    assert kinds() == set()


@pytest.mark.rule("T13")
def test_what_too_few_signed_or_nobody_published_is_not_believed(
    house: House, signers: list[SigningKey], tmp_path: Path
) -> None:
    half = posted(published_teams(), signers[:1])
    assert board_watch.look(lambda _name: half, tmp_path, NOW) == 0
    assert board_watch.look(lambda _name: None, tmp_path, NOW) == 0
    whole = posted(published_teams(), signers)
    assert board_watch.look(lambda _name: whole, tmp_path, LATER + timedelta(days=1)) == 0
    (tmp_path / "root.json").unlink()
    assert board_watch.look(lambda _name: whole, tmp_path, NOW) == 0
    assert not TeamKey.objects.filter(published__isnull=False).exists()
