# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is put on the public board: drawn from the desk and the texts, signed by people, checked before it is shown."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from safeconduct.cli.errors import CliError
from safeconduct.cli.places import Places, private_folder
from safeconduct.desk.project import environment
from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.sealing import publication
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.publication import Published, Role
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import Posted, Quota
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary import board

NAMES = (board.TEAMS, board.LINE, *(board.TEXTS + tag for tag in AVAILABLE))


def quota() -> Quota:
    """How much the spool may hold: `SAFECONDUCT_SPOOL_BYTES`, the same for every process that opens it."""
    return Quota(environment.read().spool_bytes)


def role_of(name: str) -> Role:
    """Who signs an entry: reviewers a language's texts, publishers everything else."""
    return "reviewers" if name.startswith(board.TEXTS) else "publishers"


def text_hash(name: str) -> bytes:
    """What two reviewers sign for a language: the hash of all its sentences (R12). Raises `CliError` if it is unfinished."""
    tag = name.removeprefix(board.TEXTS)
    if tag not in AVAILABLE:
        raise CliError(f"there are no texts in {tag}; there are {', '.join(AVAILABLE)}")
    language = texts(tag)
    if language.missing:
        raise CliError(f"{tag} is unfinished: {len(language.missing)} sentences are missing or fuzzy")
    return language.content_hash.encode("ascii")


def posted(here: Places, name: str) -> Posted | None:
    """What the board shows now under this name, believed or not."""
    return asyncio.run(_posted(here, name))


def checked(here: Places, name: str, document: bytes, content: bytes, *, at_least_version: int = 0) -> Published:
    """The entry as an edge would believe it. Raises `CliError` saying why it would not."""
    root = _anchor(here)
    try:
        return publication.verify(
            document,
            content,
            root=root,
            role=role_of(name),
            name=name,
            now=datetime.now(UTC),
            at_least_version=at_least_version,
        )
    except SealingError as error:
        raise CliError(f"no edge would believe this: {error}") from error


def publish(here: Places, name: str, document: bytes, content: bytes) -> Published:
    """Show an entry. Raises `CliError` for one that no edge would believe; nothing is changed then."""
    shown = posted(here, name)
    entry = checked(here, name, document, content, at_least_version=shown.version if shown else 0)
    asyncio.run(_publish(here, name, entry.version, document, content))
    return entry


def sign_and_publish(here: Places, name: str, content: bytes, keys: Sequence[SigningKey], *, expires: datetime) -> None:
    """Draft the next version, sign it with these keys and show it."""
    document = publication.draft(name, content, version=next_version(here, name), expires=expires)
    for key in keys:
        document = publication.add_signature(document, key)
    publish(here, name, document, content)


def next_version(here: Places, name: str) -> int:
    shown = posted(here, name)
    return shown.version + 1 if shown else 1


def has_anchor(here: Places) -> bool:
    """A reviewer's own machine has none, and needs none."""
    return _anchor_path(here).exists()


def _anchor_path(here: Places) -> Path:
    return here.credentials / "root.json"


def _anchor(here: Places) -> bytes:
    try:
        return _anchor_path(here).read_bytes()
    except OSError as error:
        raise CliError(f"{_anchor_path(here)} is missing: `safeconduct keys root` makes it") from error


async def _open(here: Places) -> SqliteSpool:
    private_folder(here.spool.parent)
    return await SqliteSpool.open(here.spool, quota=quota())


async def _posted(here: Places, name: str) -> Posted | None:
    spool = await _open(here)
    try:
        return await spool.published(name)
    finally:
        await spool.close()


async def _publish(here: Places, name: str, version: int, document: bytes, content: bytes) -> None:
    spool = await _open(here)
    try:
        await spool.publish(name, version, document, content)
    finally:
        await spool.close()
