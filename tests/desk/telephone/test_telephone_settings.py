# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the softphone listens: strict, on this machine unless it is told otherwise, and documented."""

import re
from pathlib import Path

import pytest

from safeconduct.desk.telephone import settings
from safeconduct.desk.telephone.errors import BadSetting

ROOT = Path(__file__).parents[3]


def test_what_is_unset_stays_on_this_machine() -> None:
    here = settings.read({"SAFECONDUCT_HOME": "/line"})
    assert (here.sip_host, here.sip_port, here.browser_hosts) == ("127.0.0.1", 5062, ("127.0.0.1",))
    assert here.socket == Path("/line/run/softphone.sock")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SIP", "5062"),
        ("SIP", "phone.example.org:5062"),
        ("SIP", "0.0.0.0:5062"),
        ("SIP", "127.0.0.1:80"),
        ("SIP_PORTS", "40000"),
        ("SIP_PORTS", "40199-40000"),
        ("SIP_PORTS", "40000-70000"),
        ("SIP_PORTS", "٤٠٠٠٠-٤٠١٩٩"),
        ("BROWSER_HOSTS", "::"),
        ("BROWSER_HOSTS", "192.0.2.7,"),
        ("BROWSER_HOSTS", "stun:hidden"),
        ("BROWSER_PORTS", "40100-40300"),
        ("CERTIFICATE", "phone.pem"),
        ("CERTIFICATE", "/etc/hidden phone.pem"),
    ],
)
def test_a_malformed_value_is_named_and_never_repeated(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as refused:
        settings.read({f"SAFECONDUCT_SOFTPHONE_{name}": value})
    assert f"SAFECONDUCT_SOFTPHONE_{name}" in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_a_real_line_names_its_own_addresses() -> None:
    told = {
        "SAFECONDUCT_SOFTPHONE_SIP": "10.7.0.2:5062",
        "SAFECONDUCT_SOFTPHONE_BROWSER_HOSTS": "192.0.2.7, 2001:db8::7",
        "SAFECONDUCT_SOFTPHONE_BROWSER_PORTS": "50000-50099",
    }
    here = settings.read(told)
    assert (here.sip_host, here.browser_hosts) == ("10.7.0.2", ("192.0.2.7", "2001:db8::7"))
    assert len(here.browser_ports) == 100


def test_with_a_certificate_every_phones_address_asks_for_tls() -> None:
    told = {"SAFECONDUCT_SOFTPHONE_SIP": "10.7.0.2:5063", "SAFECONDUCT_SOFTPHONE_CERTIFICATE": "/etc/phone.pem"}
    assert settings.sip_address(settings.read(told)) == "10.7.0.2:5063;transport=tls"
    assert settings.sip_address(settings.read({})) == "127.0.0.1:5062"


def test_every_setting_is_documented() -> None:
    source = Path(settings.__file__).read_text(encoding="utf-8")
    names = {"SAFECONDUCT_" + name for name in re.findall(r'source, "([A-Z_]+)"', source)}
    documented = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    assert len(names) == 5
    assert {name for name in names if f"`{name}`" not in documented} == set()


def test_the_units_settings_fit_what_it_may_write() -> None:
    unit = (ROOT / "deploy" / "systemd" / "safeconduct-softphone.service").read_text(encoding="utf-8")
    assert "ReadWritePaths=/var/lib/safeconduct/run" in unit
    for closed in ("/var/lib/safeconduct/desk", "/var/lib/safeconduct/spool", "/etc/safeconduct/credentials"):
        assert closed in unit.split("InaccessiblePaths=")[1].splitlines()[0]
