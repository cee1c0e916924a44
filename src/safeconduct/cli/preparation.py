# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m safeconduct.cli.preparation`: all that a demonstration needs before its doors open, in a process of its own.

Safe to run again: the next start goes on from what is there.
"""

from safeconduct.cli import demonstration, django_start
from safeconduct.cli.places import places

if __name__ == "__main__":
    here = places()
    if not (here.credentials / "doors.json").exists():
        demonstration.make_credentials(here)
    if here.is_demonstration:
        demonstration.make_chat_keys_once(here)
    django_start.start()

    # Models can be imported only now that Django has started.
    from safeconduct.cli.demonstration_people import make_people_once, make_unit_once, publish
    from safeconduct.desk.project.manage import manage

    manage(["migrate", "--verbosity", "0", "--no-input", "--skip-checks"])
    make_people_once(here)
    make_unit_once(here)
    publish(here)
