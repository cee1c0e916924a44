# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Bureau with keys of its own, whose public half lies among custody's credentials."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from tests.desk.conftest import SIGNING

from safeconduct.desk.custody.bureau.models import Package
from safeconduct.sealing import packages
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.packages import Acknowledgement, Received
from safeconduct.sealing.signatures import SigningKey
from safeconduct.vocabulary import bureau
from safeconduct.vocabulary.bureau import Notified

LINE = SIGNING.verify_key


@dataclass
class TheBureau:
    """The other organisation, as far as custody ever sees it."""

    folder: Path
    opening: PrivateKey
    signing: SigningKey

    def give_key(self) -> None:
        public = packages.Bureau(self.opening.public, self.signing.verify_key)
        (self.folder / "bureau.pub").write_bytes(public.raw)

    def opened(self, row: Package) -> Notified:
        return bureau.decode(packages.open_package(bytes(row.body), line=LINE, keys=[self.opening]))

    def acknowledges(self, *rows: Package, day: date) -> bytes:
        received = tuple(Received(row.number, bytes(row.token)) for row in rows)
        return packages.acknowledge(Acknowledgement(LINE.key_id, day, received), self.signing)


@pytest.fixture
def keyless(_house_rules: None, tmp_path: Path) -> TheBureau:
    """It has not given its key yet."""
    return TheBureau(tmp_path / "custody", PrivateKey.generate(), SigningKey.generate())


@pytest.fixture
def the_bureau(keyless: TheBureau) -> TheBureau:
    keyless.give_key()
    return keyless
