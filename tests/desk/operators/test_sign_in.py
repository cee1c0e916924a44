# SPDX-License-Identifier: AGPL-3.0-or-later
from safeconduct.desk.operators.roles import Role
from tests.desk.conftest import House


def test_name_passphrase_and_code_let_an_operator_in(house: House) -> None:
    answer = house.person(Role.OPERATOR).sign_in()
    assert answer.status_code == 303
    assert house.person(Role.OPERATOR).browser.get("/help/").status_code == 200


def test_a_wrong_passphrase_does_not(house: House) -> None:
    assert house.person(Role.OPERATOR).sign_in(passphrase="abandon " * 7).status_code == 400
