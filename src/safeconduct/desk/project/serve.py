# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct desk serve`: the desk behind gunicorn. No access log; headers of a proxy are not believed."""

import logging
import os
from typing import Any

from django.core.checks import ERROR, run_checks
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from safeconduct.desk.operators import vaults
from safeconduct.desk.project import databases, environment
from safeconduct.desk.project.environment import Environment
from safeconduct.desk.project.errors import NotReady

log = logging.getLogger("safeconduct.desk")


class PlaceLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's own words go through the desk's formatter: they hold addresses of visitors and pieces of requests."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
        self.error_log.propagate = True


class Desk(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """One process with threads: stretching a passphrase releases the interpreter, and SQLite has one writer anyway."""

    def __init__(self, here: Environment) -> None:
        self._here = here
        super().__init__()

    def load_config(self) -> None:
        for name, value in options(self._here).items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return get_wsgi_application()


def options(here: Environment) -> dict[str, Any]:
    """Gunicorn's settings."""
    return {
        "bind": [here.listen],
        "worker_class": "gthread",
        "workers": 1,
        "threads": here.threads,
        "timeout": 60,
        "graceful_timeout": 10,
        "keepalive": 5,
        "umask": 0o077,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "logger_class": PlaceLogger,
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
        "control_socket_disable": True,
        "limit_request_line": 4094,
        "proc_name": "safeconduct-desk",
    }


def serve() -> None:
    """Check everything, then answer until stopped. Raises `NotReady` with the mends."""
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeconduct.desk.project.settings")
    here = environment.read()
    databases.prepare(here)
    get_wsgi_application()
    refuse_unready()
    vaults.nobodys()  # made now, so that the first unknown name takes no longer than the next
    connections.close_all()
    log.info("The desk answers at its address.")
    Desk(here).run()


def refuse_unready() -> None:
    """Raise `NotReady` when a migration waits or a system check fails."""
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("The database is of another release. Run `safeconduct desk manage migrate`.")
    serious = [found for found in run_checks(databases=["default"]) if found.is_serious(ERROR)]
    if serious:
        raise NotReady("\n".join(f"{found.id}: {found.msg} {found.hint or ''}" for found in serious))
