# SPDX-License-Identifier: AGPL-3.0-or-later
"""T8: the walls of the sandbox, each tried from inside by a program that wants out.

Where the machine that runs these tests forbids user namespaces, the first test fails with the mend: without a sandbox the
desk opens no file, and nothing here could show that it would.
"""

import dataclasses
import json
import os
import socket
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest
from tests.desk.cases import files

from safeconduct.desk.cases import sandbox, sandbox_calls
from safeconduct.desk.cases.errors import RenderingFailed
from safeconduct.desk.cases.file_rendering import Refused

pytestmark = pytest.mark.rule("T8")
BOTH_WALLS = pytest.mark.parametrize("filtered", [True, False], ids=["filter", "no filter"])


def tried(script: str, *, seconds: float = 20) -> bytes:
    """What a program in the renderer's place wrote."""
    program = dataclasses.replace(
        sandbox.renderer("look"), start=(sandbox._interpreter(), "-S", "-s", "-c", textwrap.dedent(script))
    )
    with sandbox.memory("nothing") as nothing:
        return sandbox.run_program(program, nothing, seconds=seconds)


def outcomes(*attempts: str) -> dict[str, Any]:
    """Each expression's value inside, or the name of its error."""
    return json.loads(  # type: ignore[no-any-return]
        tried(f"""
            import ctypes, json, os, socket, sys
            def value(one):
                try:
                    return eval(one)
                except BaseException as error:
                    return type(error).__name__
            print(json.dumps({{one: repr(value(one)) for one in {attempts!r}}}))
        """)
    )


def unfiltered(monkeypatch: pytest.MonkeyPatch, *, filtered: bool) -> None:
    if not filtered:
        monkeypatch.setattr(sandbox_calls, "as_descriptor", lambda: None)


def test_this_machine_lets_a_sandbox_be_made() -> None:
    assert sandbox.trouble() == ""


@BOTH_WALLS
def test_it_reaches_no_network(monkeypatch: pytest.MonkeyPatch, *, filtered: bool) -> None:
    unfiltered(monkeypatch, filtered=filtered)
    with socket.create_server(("127.0.0.1", 0)) as server:
        call = f"socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 2)"
        expected = (
            "'PermissionError'" if filtered else "'ConnectionRefusedError'"
        )  # a loopback of its own, with nobody there
        assert outcomes(call) == {call: expected}


def test_it_sees_no_secret_home_process_or_other_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "signing.key").write_bytes(b"secret")
    monkeypatch.setenv("SAFECONDUCT_PLANTED", "secret")
    hidden = [tmp_path / "signing.key", Path("/etc/passwd"), Path("/proc/1/environ"), Path("/dev/null"), Path(__file__)]
    reads = {f"open({str(path)!r}).read()": "'FileNotFoundError'" for path in hidden}
    assert outcomes(*reads) == reads
    seen = outcomes("sorted(os.environ)", "os.path.exists('/program/django')", "os.getuid()")
    assert "PLANTED" not in seen["sorted(os.environ)"]
    assert seen["os.path.exists('/program/django')"] == "False"
    assert seen["os.getuid()"] == "65534"


def test_it_can_write_nowhere() -> None:
    places = ("/x", "/program/x", "/tmp/x", "/usr/lib/x", "/dev/shm/x", "/program/ffmpeg")  # noqa: S108 - tried, not used
    writes = [f"open({place!r}, 'w')" for place in places]
    assert set(outcomes(*writes).values()) <= {"'OSError'", "'FileNotFoundError'", "'PermissionError'"}


def test_it_can_start_no_process_and_touch_none() -> None:
    parent = os.getpid()
    attempts = ("os.fork()", "os.posix_spawn(sys.executable, ['x'], {})", f"os.kill({parent}, 0)")
    assert set(outcomes(*attempts).values()) == {"'PermissionError'", "'ProcessLookupError'"}


def test_it_holds_no_descriptor_but_its_own() -> None:
    seen = outcomes("[one for one in range(3, 256) if not value(f'os.fstat({one})') == 'OSError']")
    assert set(seen.values()) == {"[]"}


@pytest.mark.parametrize("name", ["unshare", "ptrace", "keyctl", "bpf", "io_uring_setup", "userfaultfd", "mount"])
def test_the_filter_shuts_the_kernels_other_doors(name: str) -> None:
    number = sandbox_calls.SHUT[name][sandbox_calls._MACHINES[os.uname().machine][0]]
    call = f"(ctypes.CDLL(None, use_errno=True).syscall({number}, 0, 0, 0, 0, 0), ctypes.get_errno())"
    assert outcomes(call) == {call: "(-1, 1)"}


def test_what_it_was_given_cannot_be_changed() -> None:
    with sandbox.memory("file") as descriptor:
        os.write(descriptor, b"as it was")
        sandbox.seal(descriptor)
        with pytest.raises(PermissionError):
            os.pwrite(descriptor, b"x", 0)
        with pytest.raises(PermissionError):
            os.ftruncate(descriptor, 1 << 30)


@pytest.mark.parametrize(
    ("greed", "error"),
    [
        ("bytearray(2 << 30)", "MemoryError"),
        ("os.write(1, bytes(30 << 20)) == 30 << 20 or os.write(1, b'x')", "OSError"),
    ],
    ids=["memory", "output"],
)
def test_it_gets_no_more_than_its_share(greed: str, error: str) -> None:
    script = f"""
        import os
        from safeconduct.desk.cases.rendering.__main__ import limit_oneself
        limit_oneself()
        try:
            {greed}
        except {error}:
            os.ftruncate(1, 0)
            os.pwrite(1, b"held", 0)
    """
    assert tried(script) == b"held"


def test_who_takes_too_long_is_ended_with_everything_it_began() -> None:
    mark = f"never_{time.monotonic_ns()}"
    began = time.monotonic()
    with pytest.raises(RenderingFailed, match="too-slow"):
        tried(f"{mark} = 1\nwhile True: pass", seconds=1)
    assert time.monotonic() - began < 5
    assert _gone(mark)


def _gone(mark: str) -> bool:
    for _ in range(50):
        if not [one for one in Path("/proc").glob("[0-9]*/cmdline") if mark.encode() in _read(one)]:
            return True
        time.sleep(0.1)
    return False


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_a_renderer_that_is_killed_is_a_refusal_and_no_error() -> None:
    with pytest.raises(RenderingFailed, match="broken"):
        tried("import os; os.kill(os.getpid(), 9)")


@pytest.mark.parametrize("lost", ["/bin/false", "/nowhere/bwrap"])
def test_without_a_sandbox_nothing_is_opened(monkeypatch: pytest.MonkeyPatch, lost: str) -> None:
    monkeypatch.setattr(sandbox, "bwrap", lambda: lost)
    assert files.rendered(files.picture()) == Refused("no-sandbox")
    assert sandbox.trouble() == sandbox.MEND
