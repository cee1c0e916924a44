# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must hold before the door opens: settings, secrets, and a server that keeps nothing about who comes."""

import asyncio
import gc
import logging
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import uvicorn
from tests.edge.conftest import Line
from tests.ports import free_port

from safeconduct.edge.credentials import load_credentials
from safeconduct.edge.errors import CredentialsRefused, SettingsRefused
from safeconduct.edge.serve import QUOTING, quiet_parsers, serve, server_config
from safeconduct.edge.settings import CREDENTIALS, HOME, HOST, PORT, SPOOL_BYTES, read_settings
from safeconduct.sealing import publication
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import SPOOL_BYTES_DEFAULT, SPOOL_BYTES_LEAST, SPOOL_BYTES_MOST, Posted
from safeconduct.spool.sqlite import SqliteSpool

SECRETS = ("receipt.key", "ticket.key", "dedup.key", "duress.key", "signing.key")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Credentials as the ceremony makes them."""
    edge = tmp_path / "credentials" / "edge"
    edge.mkdir(parents=True)
    for number, name in enumerate(SECRETS):
        (edge / name).write_bytes(bytes([number]) * 32)
        (edge / name).chmod(0o600)
    signing, desk = SigningKey.from_seed(bytes([4]) * 32), SigningKey.generate()
    doors = f'{{"edge": "{signing.verify_key.raw.hex()}", "desk": "{desk.verify_key.raw.hex()}"}}'
    (edge.parent / "doors.json").write_text(doors)
    (edge.parent / "root.json").write_bytes(root())
    return edge.parent


def root(*, demonstration: bool = False) -> bytes:
    keys = [SigningKey.generate().verify_key for _ in range(2)]
    return publication.make_root(keys, keys, expires=datetime(2028, 1, 1, tzinfo=UTC), demonstration=demonstration)


def test_whole_credentials_are_read(folder: Path) -> None:
    credentials = load_credentials(folder, demonstration=False)
    assert credentials.receipt_key == bytes(32)
    assert list(credentials.believed.values()) == [credentials.desk]
    assert "receipt" not in repr(credentials)


@pytest.mark.parametrize("name", [*(f"edge/{name}" for name in SECRETS), "doors.json", "root.json"])
def test_a_missing_secret_stops_the_start_and_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(CredentialsRefused, match=Path(name).name):
        load_credentials(folder, demonstration=False)


@pytest.mark.parametrize("name", ["edge/receipt.key", "doors.json", "root.json"])
@pytest.mark.parametrize("content", [b"", b"{}", b"x" * 31, b"\xff" * 33])
def test_a_damaged_secret_stops_the_start(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(CredentialsRefused, match=Path(name).name):
        load_credentials(folder, demonstration=False)


def test_a_secret_that_others_can_read_stops_the_start(folder: Path) -> None:
    (folder / "edge" / "ticket.key").chmod(0o644)
    with pytest.raises(CredentialsRefused, match="chmod 600"):
        load_credentials(folder, demonstration=False)


def test_doors_that_name_another_edge_stop_the_start(folder: Path) -> None:
    (folder / "edge" / "signing.key").write_bytes(b"o" * 32)
    with pytest.raises(CredentialsRefused, match="another edge"):
        load_credentials(folder, demonstration=False)


def test_demonstration_secrets_are_refused_unless_told(folder: Path) -> None:
    (folder / "root.json").write_bytes(root(demonstration=True))
    with pytest.raises(CredentialsRefused, match="demonstration"):
        load_credentials(folder, demonstration=False)
    (folder / "root.json").write_bytes(root())
    (folder / "DEMONSTRATION").touch()
    with pytest.raises(CredentialsRefused, match="demonstration"):
        load_credentials(folder, demonstration=False)
    assert load_credentials(folder, demonstration=True).receipt_key == bytes(32)


def test_settings_have_safe_defaults() -> None:
    settings = read_settings({})
    assert (settings.host, settings.port) == ("127.0.0.1", 8800)
    assert settings.spool == Path("var").resolve() / "spool" / "spool.db"


@pytest.mark.parametrize(
    "environment",
    [
        {"SAFECONDUCT_EDGE_PORT": "0"},
        {"SAFECONDUCT_EDGE_PORT": "http"},
        {"SAFECONDUCT_EDGE_PORT": "٨٠"},
        {"SAFECONDUCT_SPOOL_BYTES": "1"},
        {"SAFECONDUCT_EDGE_PROT": "8800"},
    ],
)
def test_a_setting_that_makes_no_sense_stops_the_start(environment: dict[str, str]) -> None:
    with pytest.raises(SettingsRefused, match="SAFECONDUCT_"):
        read_settings(environment)


@pytest.mark.parametrize("size", [SPOOL_BYTES_LEAST, SPOOL_BYTES_MOST])
def test_the_spools_size_has_the_bounds_that_its_contract_names(size: int) -> None:
    assert read_settings({}).spool_bytes == SPOOL_BYTES_DEFAULT == 4 << 30
    assert read_settings({SPOOL_BYTES: str(size)}).spool_bytes == size
    beyond = size - 1 if size == SPOOL_BYTES_LEAST else size + 1
    with pytest.raises(SettingsRefused, match=SPOOL_BYTES):
        read_settings({SPOOL_BYTES: str(beyond)})


def test_each_setting_is_documented() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "install.md").read_text(encoding="utf-8")
    for name in (HOST, PORT, SPOOL_BYTES, HOME, CREDENTIALS):
        assert f"`{name}`" in guide


async def test_a_taken_port_is_told(folder: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        settings = read_settings(
            {"SAFECONDUCT_EDGE_PORT": port, "SAFECONDUCT_HOME": str(tmp_path), "SAFECONDUCT_CREDENTIALS": str(folder)}
        )
        with pytest.raises(SettingsRefused, match=port):
            await serve(settings)


@pytest.mark.rule("R10")
def test_the_server_logs_no_visitor_and_believes_no_forwarded_address(line: Line) -> None:
    config = server_config(line.app())
    assert (config.access_log, config.server_header, config.proxy_headers) == (False, False, False)


@pytest.mark.rule("R10", "R49")
@pytest.mark.parametrize("body", [b"Zx", b"--b\r\nZ: x\r\n\r\n", b"--b\r\nA\x5a@: x\r\n\r\n", b"--b\r\nZ"])
async def test_what_a_parser_complains_of_is_logged_without_its_bytes(
    line: Line, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    quiet_parsers()
    kind = {"content-type": "multipart/form-data; boundary=b"}
    with caplog.at_level(logging.DEBUG):
        async with line.client() as client:
            assert (await client.post("/en/apply", headers=kind, content=body)).status_code == 400
    said = [record.getMessage() for record in caplog.records if record.name.startswith("python_multipart")]
    assert [text for text in said if not re.fullmatch(r"multipart:\d+", text)] == []


@pytest.mark.rule("R10", "R49")
@pytest.mark.parametrize("name", QUOTING)
def test_a_logger_that_quotes_keeps_only_where_it_was(name: str) -> None:
    quiet_parsers()
    logger, said = logging.getLogger(name), ("Did not find %r from %s", (b"secret", "203.0.113.7"))
    record = logger.makeRecord(name, logging.WARNING, "parser.py", 7, *said, exc_info=None)
    assert logger.filter(record)
    assert record.getMessage() == "parser:7"


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[asyncio.Queue[uvicorn.Server]]:
    """The servers that `serve` runs, as soon as they listen; afterwards garbage is collected as before."""
    servers: asyncio.Queue[uvicorn.Server] = asyncio.Queue()
    threshold = gc.get_threshold()

    class Told(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            servers.put_nowait(self)

    monkeypatch.setattr("safeconduct.edge.serve.uvicorn.Server", Told)
    yield servers
    gc.unfreeze()
    gc.set_threshold(*threshold)


async def test_the_door_listens_when_the_board_is_read_and_not_before(
    folder: Path, tmp_path: Path, listening: asyncio.Queue[uvicorn.Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, gate = asyncio.Event(), asyncio.Event()
    really = SqliteSpool.published

    async def slow(spool: SqliteSpool, name: str) -> Posted | None:
        reading.set()
        await gate.wait()
        return await really(spool, name)

    monkeypatch.setattr(SqliteSpool, "published", slow)
    environment = {HOME: str(tmp_path), CREDENTIALS: str(folder), PORT: str(free_port())}
    serving = asyncio.ensure_future(serve(read_settings(environment)))
    await asyncio.wait_for(reading.wait(), 10)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", int(environment[PORT]))
    gate.set()
    server = await asyncio.wait_for(listening.get(), 30)
    assert gc.get_freeze_count() > 0
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"http://127.0.0.1:{environment[PORT]}/")).status_code == 200
    server.should_exit = True
    await serving


async def test_all_who_come_first_see_the_pages(line: Line) -> None:
    async with line.client() as client:
        answers = await asyncio.gather(*(client.get("/en/how") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
