# SPDX-License-Identifier: AGPL-3.0-or-later
"""`SAFECONDUCT_HOUSE=custody python -m safeconduct.cli.custody_preparation`: all that custody's demonstration needs before it opens.

A process of its own, because a process has one house. Safe to run again: the next start goes on from what is there.
"""

from safeconduct.cli import django_start
from safeconduct.cli.custody import SECRETS, SIGNED, make_secrets
from safeconduct.cli.places import DEMONSTRATION_MARK, Places, places, write_private


def prepare(here: Places) -> None:
    """Keys, database and people."""
    folder = here.credentials / "custody"
    if not (folder / DEMONSTRATION_MARK).exists():  # the mark first: no start that was cut off leaves keys without it
        write_private(folder / DEMONSTRATION_MARK, b"These keys were made for a demonstration.\n")
    if not (folder / SECRETS[0]).exists():
        make_secrets(folder)
    django_start.start()

    # Models can be imported only now that Django has started.
    from safeconduct.cli import demonstration_custody  # noqa: PLC0415
    from safeconduct.desk.custody import first_signing  # noqa: PLC0415
    from safeconduct.desk.project.manage import manage  # noqa: PLC0415

    manage(["migrate", "--verbosity", "0", "--no-input", "--skip-checks"])
    if not first_signing.is_done():  # a demonstration of an earlier release
        first_signing.sign_all()
        write_private(first_signing.mark(), SIGNED)
    demonstration_custody.make_people_once(here)


if __name__ == "__main__":
    prepare(places())
