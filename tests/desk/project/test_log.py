# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log tells type and place; it never tells what was typed, who typed it, or from where."""

import logging
import sys

import pytest
from django.test import Client
from tests.desk.conftest import House

from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project import environment
from safeconduct.desk.project.log import PlaceFormatter
from safeconduct.desk.project.serve import PlaceLogger, options


def line(name: str, words: str, *values: object, error: bool = False) -> str:
    caught = sys.exc_info() if error else None
    return PlaceFormatter().format(
        logging.LogRecord(name, logging.ERROR, "x.py", 7, words, values, caught, "somewhere")
    )


@pytest.mark.rule("R49", "T3")
def test_values_are_left_out_of_our_own_words() -> None:
    assert line("safeconduct.desk", "could not open %s", "26-0001") == "error safeconduct.desk could not open %s"


@pytest.mark.rule("T3")
def test_other_peoples_words_are_left_out_altogether() -> None:
    assert "10.0.0.1" not in line("gunicorn.error", "Invalid request from ip=10.0.0.1: GET /cases/26-0001/")


@pytest.mark.rule("T3")
def test_an_error_is_told_by_type_and_place() -> None:
    try:
        int("what a person wrote")
    except ValueError:
        told = line("safeconduct.desk", "failed", error=True)
    assert told.startswith("error safeconduct.desk failed ValueError in test_an_error_is_told_by_type_and_place:")
    assert "person" not in told


@pytest.mark.rule("T3")
def test_a_failing_page_leaves_no_value_in_the_log(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_keyring: object) -> None:
        raise RuntimeError("what a person wrote")

    monkeypatch.setattr("safeconduct.desk.operators.access.colleagues", fail)
    browser: Client = house.signed_in(Role.OPERATOR)
    browser.raise_request_exception = False
    browser.get("/people/?hidden=words")
    told = "\n".join(PlaceFormatter().format(record) for record in caplog.records)
    assert "RuntimeError" in told
    for value in ("person wrote", "hidden", "operator one", "127.0.0.1"):
        assert value not in told


def test_the_server_keeps_no_access_log_and_believes_no_proxy() -> None:
    set_to = options(environment.read({}))
    assert set_to["accesslog"] is None
    assert set_to["logger_class"] is PlaceLogger
    assert (set_to["forwarded_allow_ips"], set_to["forwarder_headers"], set_to["control_socket_disable"]) == (
        "",
        "",
        True,
    )
