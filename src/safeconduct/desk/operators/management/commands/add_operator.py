# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct desk manage add_operator NAME --role ROLE`: the first people, before anyone can use the page."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from safeconduct.desk.operators import acts, roles
from safeconduct.desk.operators.errors import NameRefused, NameTaken
from safeconduct.desk.operators.people import spelled
from safeconduct.desk.operators.roles import Role


class Command(BaseCommand):
    help = "Adds an operator and shows, once, the passphrase and the secret of the code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--role", required=True, choices=sorted(role.value for role in roles.here()))

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            welcome = acts.add_operator(options["name"], Role(options["role"]))
        except NameRefused as error:
            raise CommandError(f"This name cannot be used: {error}.") from error
        except NameTaken as error:
            raise CommandError("Someone has this name already, now or in the past.") from error
        self.stdout.write(told(welcome))


def told(welcome: acts.Welcome) -> str:
    """What the command line shows once."""
    lines = (
        f"name         {welcome.operator.name}",
        f"passphrase   {welcome.passphrase}",
        f"code secret  {spelled(welcome.code.bin_key)}",
        f"as address   {welcome.code.config_url}",
        f"fingerprint  {welcome.operator.fingerprint}",
        "Shown once. A member of their team lets them in on the page People, after hearing the fingerprint.",
    )
    return "\n".join(lines)
