# SPDX-License-Identifier: AGPL-3.0-or-later
import socket

import pytest

from safeconduct.cli import up
from safeconduct.cli.errors import CliError


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SAFECONDUCT_EDGE_PORT", "{port}"),
        ("SAFECONDUCT_DESK_LISTEN", "127.0.0.1:{port}"),
        ("SAFECONDUCT_CUSTODY_LISTEN", "127.0.0.1:{port}"),
    ],
)
def test_a_taken_port_names_the_setting_that_chooses_another(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    for name, free in (("EDGE_PORT", "0"), ("DESK_LISTEN", "127.0.0.1:0"), ("CUSTODY_LISTEN", "127.0.0.1:0")):
        monkeypatch.setenv(f"SAFECONDUCT_{name}", free)
    monkeypatch.setattr(up, "places", lambda: None)
    monkeypatch.setattr(up, "_refuse_a_real_line", lambda _here: None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv(setting, value.format(port=taken.getsockname()[1]))
        with pytest.raises(CliError, match=f"set another port in {setting}"):
            up.command()
