# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct desk manage renew_operator NAME`: for the last administrator who lost the passphrase."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from safeconduct.desk.operators import acts, names
from safeconduct.desk.operators.errors import LastHolder
from safeconduct.desk.operators.management.commands.add_operator import told
from safeconduct.desk.operators.models import Operator


class Command(BaseCommand):
    help = "Gives an operator a new passphrase, key and code, and shows them once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument(
            "--known", action="store_true", help="of the last holder of a team's key: the shares can come"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        operator = Operator.objects.filter(name=names.as_typed(options["name"]), active=True).first()
        if operator is None:
            raise CommandError("Nobody active has this name.")
        try:
            self.stdout.write(told(acts.renew(operator, is_known=options["known"])))
        except LastHolder as refused:
            teams = ", ".join(sorted(refused.teams))
            raise CommandError(
                f"Nobody else holds the key of {teams}: what is sealed to it would be lost, or be left to recovery shares. "
                "Let a colleague in first. Where there are shares and enough of them can come, say --known."
            ) from None
