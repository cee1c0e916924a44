# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first people of a line. Needs Django started; the desk adds everyone after them."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from django.conf import settings
from django.db import DatabaseError, transaction

from safeconduct.cli.errors import CliError
from safeconduct.desk.audit.errors import AuditError, NoMonitorKey
from safeconduct.desk.operators import acts, roles
from safeconduct.desk.operators.acts import Welcome
from safeconduct.desk.operators.errors import OperatorsError
from safeconduct.desk.operators.models import TeamKey
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey


@contextmanager
def told_plainly() -> Iterator[None]:
    try:
        yield
    except NoMonitorKey as error:
        raise CliError(f"the monitor comes first: safeconduct {_noun()} monitor --new-member NAME") from error
    except (OperatorsError, AuditError, SealingError) as error:
        raise CliError(str(error)) from error
    except DatabaseError as error:
        raise CliError(
            f"the database is not ready: safeconduct {settings.DESK.house} manage migrate --skip-checks"
        ) from error


@told_plainly()
def found(code: str, name: str) -> None:
    """Make the team's first key and its first member. A team that has a key is left alone: a new key would orphan it."""
    role = role_of(code)
    if role is None:
        raise CliError(f"there is no team {code}; there are {', '.join(_founders())}")
    if TeamKey.objects.filter(team__code=code).exists():
        raise CliError(f"{code} has a key; its members let others in, in the desk under People")
    private = PrivateKey.generate()
    with transaction.atomic():
        key = acts.found_team(code, private.public, demonstration=False)
        welcome = acts.add_operator(name, role)
        acts.let_in(key, private, welcome.operator)
    show(welcome)


def _noun() -> str:
    """How a team of this house is founded."""
    return "keys team" if settings.DESK.house == "desk" else "custody team"


def role_of(code: str) -> Role | None:
    """What the first person of a team does; None when there is no such team."""
    return _founders().get(code)


def _founders() -> dict[str, Role]:
    """Whoever founds a team of this house has the first of its roles."""
    return {role.team: role for role in reversed(Role) if role.team and role in roles.here()}


@told_plainly()
def add_administrator(name: str) -> None:
    """Add the first administrator. Raises `CliError`."""
    show(acts.add_operator(name, Role.ADMINISTRATOR))


def show(welcome: Welcome) -> None:
    secret = base64.b32encode(welcome.code.bin_key).decode()
    typer.echo(f"{welcome.operator.name} ({welcome.operator.role})")
    typer.echo(f"  passphrase   {welcome.passphrase}")
    typer.echo(
        f"  code         {' '.join(secret[at : at + 4] for at in range(0, len(secret), 4))}   (into the phone's code app)"
    )
    typer.echo("Shown this once. Clear the screen when it is written down.")
