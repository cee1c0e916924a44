# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sandbox's filter of system calls (seccomp), as the program that bwrap loads.

It shuts what a renderer never needs and a break-out does: sockets, new processes, namespaces, mounts, other processes'
memory, kernel interfaces with a history. A list of what is allowed would be tighter; it would also differ by libc.
"""

import os
import platform
import struct
from collections.abc import Iterator
from typing import Final

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_KILL, _DENY, _UNKNOWN, _ALLOW = 0x8000_0000, 0x0005_0001, 0x0005_0026, 0x7FFF_0000  # EPERM, ENOSYS
_NUMBER_AT, _MACHINE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_CLONE_THREAD: Final = 0x0001_0000
_X32: Final = 0x4000_0000
_NEWEST_KNOWN: Final = 450  # a call that is younger than this list does not exist here

# By name, with its number on x86_64 and on aarch64; None: not there.
SHUT: Final[dict[str, tuple[int | None, int | None]]] = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "fork": (57, None),
    "vfork": (58, None),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "kcmp": (312, 272),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "syslog": (103, 116),
    "personality": (135, 92),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
}
_CLONE, _CLONE3 = (56, 220), 435
_MACHINES = {"x86_64": (0, 0xC000_003E), "aarch64": (1, 0xC000_00B7)}


def program(machine: str | None = None) -> bytes:
    """For this machine, or nothing where its numbers are not known: the other walls stand without it."""
    known = _MACHINES.get(machine or platform.machine())
    return b"".join(_instructions(*known)) if known else b""


def as_descriptor() -> int | None:
    """The program in a descriptor that bwrap reads; the caller closes it."""
    code = program()
    if not code:
        return None
    descriptor = os.memfd_create("calls")
    os.write(descriptor, code)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _instructions(column: int, machine: int) -> Iterator[bytes]:
    yield _step(_LOAD, _MACHINE_AT)
    yield from _if(_EQUAL, machine, otherwise=_KILL)
    yield _step(_LOAD, _NUMBER_AT)
    yield from _when(_AT_LEAST, _X32, _KILL)
    for numbers in SHUT.values():
        number = numbers[column]
        if number is not None:
            yield from _when(_EQUAL, number, _DENY)
    yield from _when(_EQUAL, _CLONE3, _UNKNOWN)  # its flags lie in memory, unseen: libc then uses the older call
    yield from _when(_AT_LEAST, _NEWEST_KNOWN, _UNKNOWN)
    yield _step(_EQUAL, _CLONE[column], 0, 3)  # a thread is well, a process is not
    yield _step(_LOAD, _FIRST_ARGUMENT_AT)
    yield from _if(_ANY_BIT, _CLONE_THREAD, otherwise=_DENY)
    yield _step(_RETURN, _ALLOW)


def _when(test: int, value: int, then: int) -> Iterator[bytes]:
    yield _step(test, value, 0, 1)
    yield _step(_RETURN, then)


def _if(test: int, value: int, *, otherwise: int) -> Iterator[bytes]:
    yield _step(test, value, 1, 0)
    yield _step(_RETURN, otherwise)


def _step(code: int, value: int, when_true: int = 0, when_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, when_true, when_false, value)
