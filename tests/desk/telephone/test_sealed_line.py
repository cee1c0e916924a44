# SPDX-License-Identifier: AGPL-3.0-or-later
"""SIP with a certificate: TLS 1.3 alone, and sealed sound. Without a browser: what is asked stands on the desk's socket."""

import asyncio
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.ports import free_port

from safeconduct.desk.telephone import asking, settings
from safeconduct.desk.telephone.messages import Look
from safeconduct.desk.telephone.settings import Settings

pytestmark = pytest.mark.alone

RUN = "import asyncio; from safeconduct.desk.telephone import process, settings; asyncio.run(process.run(settings.read()))"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "chain")]
    subprocess.run([*command, *names, *files], check=True, stderr=subprocess.DEVNULL)
    both = tmp_path / "phone.pem"
    both.write_text((tmp_path / "key").read_text() + (tmp_path / "chain").read_text())
    return both


@pytest.fixture
async def softphone(certificate: Path, tmp_path: Path) -> AsyncIterator[Settings]:
    told = {
        "SAFECONDUCT_HOME": str(tmp_path),
        "SAFECONDUCT_SOFTPHONE_SIP": f"127.0.0.1:{free_port()}",
        "SAFECONDUCT_SOFTPHONE_CERTIFICATE": str(certificate),
    }
    here = settings.read(told)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", RUN, env=told)
    async with asyncio.timeout(20):
        while not here.socket.exists():  # noqa: ASYNC110 -- another program makes it
            await asyncio.sleep(0.05)
    yield here
    process.terminate()
    assert await process.wait() == 0


@pytest.mark.rule("T3")
async def test_tls_is_no_older_than_1_3_and_nothing_else_listens(softphone: Settings, certificate: Path) -> None:
    old, new = ssl.create_default_context(cafile=certificate), ssl.create_default_context(cafile=certificate)
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError):
        await asyncio.open_connection("127.0.0.1", softphone.sip_port, ssl=old)
    _, writer = await asyncio.open_connection("127.0.0.1", softphone.sip_port, ssl=new)
    writer.transport.abort()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", softphone.sip_port - 1)


async def test_a_sealed_call_rings(softphone: Settings, certificate: Path, tmp_path: Path) -> None:
    await asyncio.to_thread(asking.ask, softphone.socket, Look("olena"))
    uri = f"sip:olena@{settings.sip_address(softphone)}"
    script = str(Path(__file__).with_name("caller.py"))
    told = ["127.0.0.1", str(free_port()), uri, "700", str(tmp_path / "heard"), f"authority={certificate}"]
    caller = await asyncio.create_subprocess_exec(sys.executable, script, *told, stdin=subprocess.PIPE, stdout=-1)
    seen = await asyncio.to_thread(asking.picture, softphone.socket, Look("olena"))
    if seen.state == "idle":
        seen = await asyncio.to_thread(asking.picture, softphone.socket, Look("olena", seen.version, 10))
    await caller.communicate(b"\n")
    assert seen.state == "ringing"
