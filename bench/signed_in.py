# SPDX-License-Identifier: AGPL-3.0-or-later
"""A browser in which somebody is signed in, in either house. Needs Django started and migrated."""

import importlib
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from safeconduct.desk.operators import cookies, sessions, vaults
from safeconduct.desk.operators.keyring import Keyring


def browser_of(welcome: Any) -> tuple[Keyring, dict[str, str]]:
    """The keyring and the cookies of who has just been added; `vaults.COST` says what their passphrase costs."""
    opened = vaults.opened(bytes(welcome.operator.vault), welcome.passphrase)
    if opened is None:
        raise RuntimeError("the passphrase opens nothing")
    session = importlib.import_module(settings.SESSION_ENGINE).SessionStore()
    unlock = sessions.begin(session, welcome.operator, opened.private)
    session.save()
    answer = HttpResponse()
    cookies.give_unlock(answer, unlock)
    given = {name: one.value for name, one in answer.cookies.items()}
    return Keyring(welcome.operator, opened.private), {settings.SESSION_COOKIE_NAME: session.session_key, **given}
