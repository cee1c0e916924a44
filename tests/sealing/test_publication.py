# SPDX-License-Identifier: AGPL-3.0-or-later
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tuf.api.metadata import Metadata, Root, Targets  # type: ignore[attr-defined]  # documented there

from safeconduct.sealing import publication
from safeconduct.sealing.errors import Altered, Expired, Older, PublicationRefused, Unsigned
from safeconduct.sealing.signatures import SigningKey

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
PUBLISHERS = [SigningKey.generate() for _ in range(3)]
REVIEWERS = [SigningKey.generate() for _ in range(2)]
STRANGERS = [SigningKey.generate() for _ in range(2)]
CONTENT = b'{"intake": "..."}'
ROOT = publication.make_root(
    [key.verify_key for key in PUBLISHERS], [key.verify_key for key in REVIEWERS], expires=NOW + 9 * WEEK
)


def signed(*keys: SigningKey, name: str = "teams", version: int = 3, expires: datetime = NOW + WEEK) -> bytes:
    document = publication.draft(name, CONTENT, version=version, expires=expires)
    for key in keys:
        document = publication.add_signature(document, key)
    return document


def read(document: bytes, content: bytes = CONTENT, **changed: Any) -> publication.Published:
    usual: dict[str, Any] = {"root": ROOT, "role": "publishers", "name": "teams", "now": NOW, "at_least_version": 3}
    return publication.verify(document, content, **(usual | changed))


@pytest.mark.rule("R9")
@pytest.mark.rule("T4")
def test_a_document_that_two_publishers_signed_is_believed() -> None:
    assert read(signed(*PUBLISHERS[:2])) == publication.Published(3, NOW + WEEK, CONTENT)
    assert read(signed(PUBLISHERS[2], STRANGERS[0], PUBLISHERS[0])).version == 3


@pytest.mark.rule("R9")
@pytest.mark.rule("T4")
@pytest.mark.parametrize(
    "keys",
    [
        [],
        PUBLISHERS[:1],
        [PUBLISHERS[0], PUBLISHERS[0]],
        [PUBLISHERS[0], STRANGERS[0]],
        STRANGERS,
        REVIEWERS,
        [PUBLISHERS[0], REVIEWERS[0]],
    ],
    ids=["nobody", "one", "one twice", "one and a stranger", "strangers", "reviewers", "one of each"],
)
def test_fewer_than_two_publishers_are_not_believed(keys: list[SigningKey]) -> None:
    with pytest.raises(Unsigned):
        read(signed(*keys))


@pytest.mark.rule("T4")
def test_one_publishers_signature_copied_under_another_id_is_refused() -> None:
    document = json.loads(signed(PUBLISHERS[0]))
    copied = {"keyid": PUBLISHERS[1].verify_key.key_id.hex(), "sig": document["signatures"][0]["sig"]}
    document["signatures"].append(copied)
    with pytest.raises(Unsigned):
        read(json.dumps(document).encode())
    document["signatures"] = [document["signatures"][0]] * 2
    with pytest.raises(Altered):
        read(json.dumps(document).encode())


@pytest.mark.rule("R9")
@pytest.mark.rule("T4")
def test_old_expired_and_altered_documents_are_refused() -> None:
    document = signed(*PUBLISHERS)
    for refusal, changed in (
        (Older, {"at_least_version": 4}),
        (Expired, {"now": NOW + WEEK}),
        (Altered, {"content": CONTENT + b" "}),
        (Altered, {"content": b""}),
        (Altered, {"name": "line"}),
    ):
        with pytest.raises(refusal):
            read(document, **changed)
    assert read(document, at_least_version=2).content == CONTENT
    with pytest.raises(Expired, match="anchor"):
        read(signed(*PUBLISHERS, expires=NOW + 99 * WEEK), now=NOW + 9 * WEEK)


@pytest.mark.rule("T4")
@given(st.data())
def test_a_document_with_any_other_byte_is_refused_or_says_the_same(data: st.DataObject) -> None:
    document = bytearray(signed(*PUBLISHERS[:2]))
    document[data.draw(st.integers(0, len(document) - 1))] = data.draw(st.integers(0, 255))
    try:
        published = read(bytes(document))
    except PublicationRefused:
        return
    assert published == publication.Published(3, NOW + WEEK, CONTENT)


@pytest.mark.rule("R12")
def test_reviewers_sign_texts_and_publishers_do_not() -> None:
    texts = signed(*REVIEWERS, name="texts/ru")
    assert read(texts, role="reviewers", name="texts/ru").version == 3
    for document, role, name in (
        (signed(*PUBLISHERS, name="texts/ru"), "publishers", "texts/ru"),
        (signed(*PUBLISHERS, name="texts/ru"), "reviewers", "texts/ru"),
        (signed(*REVIEWERS), "reviewers", "teams"),
        (texts, "reviewers", "texts/../teams"),
        (signed(REVIEWERS[0], name="texts/ru"), "reviewers", "texts/ru"),
    ):
        with pytest.raises(Unsigned):
            read(document, role=role, name=name)
    with pytest.raises(Altered):
        read(texts, role="reviewers", name="texts/en")


@pytest.mark.rule("T8")
@pytest.mark.parametrize(
    "junk", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"signed": 1, "signatures": 2}', b" " * 300_000]
)
def test_bytes_that_are_no_document_are_refused(junk: bytes) -> None:
    with pytest.raises(Altered):
        read(junk)
    with pytest.raises(PublicationRefused, match="administrator"):
        read(signed(*PUBLISHERS), root=junk)


@pytest.mark.rule("T8")
def test_a_document_of_another_shape_is_refused() -> None:
    document = signed(*PUBLISHERS)
    two_names = Metadata[Targets].from_bytes(publication.draft("teams", CONTENT, version=3, expires=NOW + WEEK))
    two_names.signed.targets["line"] = two_names.signed.targets["teams"]
    unsigned = two_names.to_bytes()
    both = publication.add_signature(publication.add_signature(unsigned, PUBLISHERS[0]), PUBLISHERS[1])
    for other in (both, document + b" " * publication.DOCUMENT_MAX, Metadata(Root(expires=NOW + WEEK)).to_bytes()):
        with pytest.raises(Altered):
            read(other)
    assert read(document + b" ").version == 3


@pytest.mark.rule("T4")
def test_a_trust_anchor_that_lists_one_key_under_two_ids_is_refused() -> None:
    anchor = json.loads(ROOT)
    delegations = anchor["signed"]["delegations"]
    (first, key), *_ = delegations["keys"].items()
    delegations["keys"]["ff" * 16] = key
    delegations["roles"][0]["keyids"] = [first, "ff" * 16]
    with pytest.raises(PublicationRefused, match="another id"):
        read(signed(*PUBLISHERS), root=json.dumps(anchor).encode())


def test_a_document_in_place_of_the_trust_anchor_is_refused() -> None:
    document = signed(*PUBLISHERS)
    with pytest.raises(PublicationRefused, match="names no publishers"):
        read(document, root=document)


@pytest.mark.rule("T10")
@pytest.mark.parametrize(
    "other",
    [
        {"keytype": "rsa", "scheme": "rsassa-pss-sha256"},
        {"keyval": {"public": "zz"}},
        {"keyval": {"public": 5}},
        {"keyval": {}},
    ],
)
def test_a_trust_anchor_with_a_key_of_another_kind_is_refused(other: dict[str, Any]) -> None:
    anchor = json.loads(ROOT)
    for key in anchor["signed"]["delegations"]["keys"].values():
        key.update(other)
    with pytest.raises(PublicationRefused, match=r"administrator|another id"):
        read(signed(*PUBLISHERS), root=json.dumps(anchor).encode())


def test_an_anchor_needs_as_many_distinct_keys_as_its_threshold() -> None:
    held, one = [key.verify_key for key in PUBLISHERS], REVIEWERS[0].verify_key
    for publishers, reviewers, threshold in ((held, [one], 2), ([one, one], held, 2), (held, held, 4), (held, held, 0)):
        with pytest.raises(ValueError, match="distinct keys"):
            publication.make_root(publishers, reviewers, threshold=threshold, expires=NOW + WEEK)


def test_a_demonstrations_anchor_says_so() -> None:
    held = [key.verify_key for key in PUBLISHERS]
    made = publication.make_root(held, held, expires=NOW + WEEK, demonstration=True)
    assert publication.is_demonstration(made)
    assert not publication.is_demonstration(ROOT)
    assert read(signed(*PUBLISHERS), root=made).content == CONTENT
