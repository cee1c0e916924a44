# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recovery shares of a team's key, at the ceremony and when nobody can open it any more. Needs Django started."""

from collections.abc import Callable

import typer
from rich.console import Console

from safeconduct.cli.errors import CliError
from safeconduct.cli.founding import role_of, show, told_plainly
from safeconduct.desk.operators import names, recovery, vaults
from safeconduct.desk.operators.keyring import HeldKey, Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing.errors import SharesRefused
from safeconduct.sealing.shares import Share, join, split

Ask = Callable[[str], str]


@told_plainly()
def make(code: str, *, need: int, of: int, member: str, ask: Ask) -> None:
    """Print shares of the team's newest key, one after the other. The passphrase of a member opens it."""
    held = _opened(code, member, ask)
    try:
        made = split(held.private.seed, need=need, of=of)
    except ValueError as error:
        raise CliError(f"{error} Say how many with --of and --need.") from error
    for number, words in enumerate(made, 1):
        _hand_out(f"{code} {held.version}: share {number} of {of}, {need} are needed", words, ask)
    recovery.note_shares(held, need=need, of=of)
    typer.echo(f"{of} shares of the key {code} {held.version} were shown, each once. None of them is stored.")


@told_plainly()
def recover(code: str, *, member: str, ask: Ask) -> None:
    """Take shares until there are enough, and let the member in. Someone who is not there yet is added."""
    if role_of(code) is None:
        raise CliError(f"there is no team {code}")
    shares: dict[int, Share] = {}
    while not shares or len(shares) < next(iter(shares.values())).needed:
        _take(shares, ask)
    welcome = recovery.recover(code, join(list(shares.values())), member, role_of(code))
    if welcome is not None:
        show(welcome)
    typer.echo(f"{member} holds the key of {code} now.")


def _take(shares: dict[int, Share], ask: Ask) -> None:
    try:
        share = Share.read(ask(f"Share {len(shares) + 1}"))
    except SharesRefused as error:
        typer.echo(f"{error} Type it again.")
        return
    if shares and share.family != next(iter(shares.values())).family:
        typer.echo("This share is of another set; it belongs to another key, or to another day.")
    elif share.number in shares:
        typer.echo("This share was typed already.")
    else:
        shares[share.number] = share


def _hand_out(title: str, words: str, ask: Ask) -> None:
    typer.echo(title)
    listed = words.split()
    for start in range(0, len(listed), 5):
        typer.echo("  " + " ".join(f"{at + 1:>2} {listed[at]:<10}" for at in range(start, min(start + 5, len(listed)))))
    ask("Its keeper copies it by hand and checks it; Enter then clears the screen, and it is not shown again")
    Console().clear()


def _opened(code: str, member: str, ask: Ask) -> HeldKey:
    operator = Operator.objects.filter(name=names.as_typed(member), active=True).first()
    if operator is None:
        raise CliError(f"there is no {member} here")
    keys = vaults.opened(bytes(operator.vault), vaults.typed(ask(f"Passphrase of {operator.name}")))
    if keys is None:
        raise CliError("the passphrase does not open this person's key")
    return Keyring(operator, keys.private).held_keys(code)[0]
