# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings: strict, safe by default, and nothing that says a secret aloud."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as desk

from safeconduct.desk.project import databases, environment
from safeconduct.desk.project.errors import BadSetting


def test_what_is_unset_has_the_safe_value() -> None:
    here = environment.read({})
    assert (here.origin, here.listen) == ("http://localhost:8801", "127.0.0.1:8801")
    assert (here.idle_seconds, here.demonstration, here.database_url, here.host) == (600, False, "", "localhost")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DESK_ORIGIN", "http://desk.example"),
        ("DESK_ORIGIN", "https://desk.example/path"),
        ("DESK_ORIGIN", "desk.example"),
        ("DESK_ORIGIN", "javascript:alert(1)"),
        ("DESK_LISTEN", "8801"),
        ("DESK_LISTEN", "127.0.0.1:0"),
        ("DESK_LISTEN", "127.0.0.1:70000"),
        ("DESK_THREADS", "many"),
        ("DESK_THREADS", "1"),
        ("DESK_IDLE_MINUTES", "0"),
        ("DESK_IDLE_MINUTES", "600"),
        ("DESK_IDLE_MINUTES", "١٠"),
        ("DEMONSTRATION", "true"),
        ("SPOOL_BYTES", "-1"),
        ("DETAINING_POWER", " "),
        ("DETAINING_POWER", "Україна "),
        ("DETAINING_POWER", "Україна\nor another"),
        ("DETAINING_POWER", "x" * 61),
    ],
)
def test_a_malformed_value_is_named_and_never_repeated(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as refused:
        environment.read({f"SAFECONDUCT_{name}": value})
    assert f"SAFECONDUCT_{name}" in str(refused.value)


def test_the_detaining_power_is_whatever_it_is_called_and_nobody_unless_said() -> None:
    assert environment.read({}).detaining_power == ""
    assert environment.read({"SAFECONDUCT_DETAINING_POWER": "Україна"}).detaining_power == "Україна"


def test_a_refused_value_is_not_repeated() -> None:
    with pytest.raises(BadSetting) as refused:
        environment.read({"SAFECONDUCT_DESK_ORIGIN": "hidden-words"})
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("value", ["https://desk.example", "http://localhost:9", "http://abcdef.onion"])
def test_an_origin_is_taken_where_secure_cookies_work(value: str) -> None:
    assert environment.read({"SAFECONDUCT_DESK_ORIGIN": value}).origin == value


def test_a_secret_may_come_from_a_file_but_not_from_both(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://desk@/line\n")
    source = {"SAFECONDUCT_DESK_DATABASE_URL_FILE": str(file)}
    assert environment.read(source).database_url == "postgresql://desk@/line"
    with pytest.raises(BadSetting):
        environment.read(source | {"SAFECONDUCT_DESK_DATABASE_URL": "postgresql://desk@/line"})


def test_the_environment_does_not_print_what_it_holds(tmp_path: Path) -> None:
    here = environment.read(
        {"SAFECONDUCT_DESK_DATABASE_URL": "postgresql://u:hidden@h/n", "SAFECONDUCT_HOME": str(tmp_path)}
    )
    assert "hidden" not in repr(here)


def test_a_database_url_is_taken_apart() -> None:
    got = databases.postgresql("postgresql://us%40er:p%2Fw@db.example:5433/line?sslmode=require")
    told: dict[str, Any] = {"NAME": "line", "USER": "us@er", "PASSWORD": "p/w", "HOST": "db.example", "PORT": "5433"}
    assert {name: got[name] for name in told} == told
    assert got["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://host", "x"])
def test_a_url_of_another_database_is_refused(url: str) -> None:
    with pytest.raises(BadSetting):
        databases.postgresql(url)


@pytest.mark.rule("T3")
def test_the_database_file_is_its_owners_alone(tmp_path: Path) -> None:
    here = environment.read({"SAFECONDUCT_HOME": str(tmp_path)})
    databases.prepare(here)
    assert (tmp_path / "desk" / "desk.db").stat().st_mode & 0o077 == 0
    assert (tmp_path / "desk").stat().st_mode & 0o077 == 0


def test_the_erasure_keys_have_their_folder_with_a_server_as_well(tmp_path: Path) -> None:
    said = {"SAFECONDUCT_HOME": str(tmp_path), "SAFECONDUCT_DESK_DATABASE_URL": "postgresql://desk@db.example/line"}
    databases.prepare(environment.read(said))
    assert (tmp_path / "desk").stat().st_mode & 0o077 == 0
    assert not (tmp_path / "desk" / "desk.db").exists()


def test_no_page_can_ever_be_in_debug_mode() -> None:
    assert desk.DEBUG is False
    assert desk.ADMINS == []
    assert "django.contrib.admin" not in desk.INSTALLED_APPS
    assert desk.PASSWORD_HASHERS == []


def test_every_setting_is_documented() -> None:
    source = Path(environment.__file__).read_text(encoding="utf-8")
    names = {"SAFECONDUCT_" + name for name in re.findall(r'(?:source, |PREFIX \+ )"([A-Z_]*[A-Z])"', source)}
    documented = (Path(__file__).parents[3] / "docs" / "install.md").read_text(encoding="utf-8")
    assert len(names) > 8
    assert {name for name in names if f"`{name}`" not in documented} == set()
