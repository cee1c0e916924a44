# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct custody`: the register of prisoners of war. Another house than the desk (R20): its own database, keys and people."""

import asyncio
import os
import secrets
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli import custody_keeping, custody_packages, django_start
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import places, write_private
from safeconduct.cli.supervisor import Part, Supervisor
from safeconduct.desk.project import environment

SECRETS = ("signing.key", "django.key")
SECRET_BYTES = 32
SIGNED_MARK = "pages-signed"  # what `desk/custody/first_signing.py` looks for; this command runs without Django
SIGNED = b"Every sealed page of this register is signed. Never make or remove this file by hand.\n"
app = typer.Typer(no_args_is_help=True)
app.add_typer(custody_packages.app, name="packages", help="What the Information Bureau is told, for who carries it.")

Demonstration = Annotated[
    bool, typer.Option("--demonstration", envvar="SAFECONDUCT_DEMONSTRATION", help="Accept a demonstration's keys.")
]


@app.callback()
def _house() -> None:
    """All that follows is done in custody."""
    os.environ["SAFECONDUCT_HOUSE"] = "custody"


@app.command("keys")
def keys() -> None:
    """Make custody's own secrets in SAFECONDUCT_CREDENTIALS, which must lie outside SAFECONDUCT_HOME."""
    here = places()
    if here.credentials.is_relative_to(here.home):
        raise CliError(
            "set SAFECONDUCT_CREDENTIALS to a folder outside SAFECONDUCT_HOME: a copied disk must not hold both"
        )
    make_secrets(here.credentials / "custody")
    typer.echo("Made. Next: safeconduct custody manage migrate --skip-checks, then team monitor, then the others.")


@app.command("team")
def team(
    code: Annotated[str, typer.Argument(help="monitor (first of all), custody, medical, mail, bureau or counsel.")],
    new_member: Annotated[str, typer.Option("--new-member", help="The name of the first member, who is added here.")],
) -> None:
    """Make a team's key, wrapped to its first member alone. The passphrase and the code are shown once."""
    django_start.start()

    from safeconduct.cli import founding  # noqa: PLC0415 - needs Django started

    founding.found(code, new_member)


@app.command("administrator")
def administrator(name: Annotated[str, typer.Argument(help="The first administrator's name.")]) -> None:
    """Add an administrator, who adds everyone else and sees no content."""
    django_start.start()

    from safeconduct.cli import founding  # noqa: PLC0415 - needs Django started

    founding.add_administrator(name)


@app.command("serve")
def serve(*, demonstration: Demonstration = False) -> None:
    """Serve custody's pages until it is told to stop."""
    django_start.serve_house(demonstration=demonstration)


@app.command("clock")
def clock(*, demonstration: Demonstration = False) -> None:
    """Work out every night what the Convention asks for, ring for what is late, chain the record."""
    django_start.start_house(demonstration=demonstration)

    from safeconduct.desk.project import custody_clock  # noqa: PLC0415 - needs Django started

    asyncio.run(custody_clock.keep_time())


@app.command("duties")
def duties() -> None:
    """Work out now what is owed, and how much of it is late. What only counsel and the monitor may know is in no figure."""
    django_start.start()

    from safeconduct.desk.custody import acts, watching  # noqa: PLC0415 - needs Django started

    today = acts.today()
    watching.work_out(today)
    owed, late = watching.figures(today)
    typer.echo(f"owed {owed}, of that late {late}")


@app.command("reference")
def reference(*, write: Annotated[bool, typer.Option("--write", help="Write docs/duties.md.")] = False) -> None:
    """Show the table of duties as a page."""
    django_start.start()

    from safeconduct.cli import duties_page  # noqa: PLC0415 - its sentences need Django started

    if write:
        Path("docs/duties.md").write_text(duties_page.page(), encoding="utf-8")
        return
    typer.echo(duties_page.page())


app.command("backup")(custody_keeping.backup)
app.command("restore")(custody_keeping.restore)


@app.command("doctor")
def doctor(*, demonstration: Demonstration = False) -> None:
    """Say what is missing or wrong in custody on this machine, and the mend. Reads no content."""
    from safeconduct.cli import custody_doctor  # noqa: PLC0415 - it takes the line's doctor along, which no other command needs

    custody_doctor.command(demonstration=demonstration)


@app.command("sign-pages")
def sign_pages() -> None:
    """Once, at the update that brought signatures: sign what was entered before, as it stands."""
    django_start.start()

    from safeconduct.desk.custody import first_signing  # noqa: PLC0415 - needs Django started

    if first_signing.is_done():
        raise CliError("this was done already: a page without a signature was altered since, and is never signed again")
    first_signing.sign_all()
    write_private(first_signing.mark(), SIGNED)
    typer.echo("signed; from now on a page without a signature is refused")


@app.command("confirm-time")
def confirm_time(*, demonstration: Demonstration = False) -> None:
    """After a clock was set back, or a stop of more than a day: say that this machine's clock is right."""
    django_start.start_house(demonstration=demonstration)

    from safeconduct.cli import confirming  # noqa: PLC0415 - needs Django started

    confirming.confirm()


@app.command("whose")
def whose() -> None:
    """Say whose a token is. It is typed in, and neither it nor the question is written down."""
    django_start.start()

    from safeconduct.desk.custody.models import Person  # noqa: PLC0415 - needs Django started

    written = typer.prompt("Token", hide_input=True)
    try:
        found = Person.objects.filter(token=bytes.fromhex(written)).first()
    except ValueError:
        found = None
    if found is None:
        raise CliError("nobody has this token")
    typer.echo(found.number)


@app.command("up")
def up() -> None:
    """Run custody on this machine with demonstration keys and people, beside `safeconduct up` or alone. Ctrl-C stops it."""
    here = places()
    if (here.credentials / "custody").exists() and not here.is_demonstration:
        raise CliError("these are real credentials; `up` is for demonstrations. See docs/install.md")
    os.environ["SAFECONDUCT_DEMONSTRATION"] = "yes"
    from safeconduct.cli import custody_preparation, demonstration  # noqa: PLC0415 - no other command needs them

    custody_preparation.prepare(here)
    for line in demonstration.of_custody(here, environment.read().origin):
        typer.echo(line)
    settings = {**os.environ, "PYTHONUNBUFFERED": "1"}
    parts = [Part(name, (sys.executable, "-m", "safeconduct.cli", "custody", name)) for name in ("serve", "clock")]
    supervisor = Supervisor(parts, settings, lambda part, line: typer.echo(f"{part:<9} {line}"))
    asyncio.run(_run(supervisor))


@app.command(
    "manage", context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)
def manage(context: typer.Context) -> None:
    """Django's own commands, such as `migrate`."""
    from safeconduct.desk.project.manage import manage as run  # noqa: PLC0415 - `keys` needs no Django

    run(context.args)


def make_secrets(folder: Path) -> None:
    """Refuses to overwrite anything."""
    if (folder / SECRETS[0]).exists():
        raise CliError(f"{folder} already holds custody's credentials; they are never overwritten")
    for name in SECRETS:
        write_private(folder / name, secrets.token_bytes(SECRET_BYTES))
    if not (folder / SIGNED_MARK).exists():
        write_private(folder / SIGNED_MARK, SIGNED)  # a new register has no page from before


async def _run(supervisor: Supervisor) -> None:
    loop = asyncio.get_running_loop()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, supervisor.stop)
    await supervisor.run()
