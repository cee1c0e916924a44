# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the vectors anew: `python tests/vectors/make.py`, only when the format changes.

Keys and texts are fixed by their names. HPKE draws its encapsulation at random, and cannot be told what to draw:
so the files are kept, and tests read them.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from safeconduct.sealing import blind_index, checkpoints, envelope, erasure, layout, receipts, tickets, vault
from safeconduct.sealing.derivation import PROTOCOL, derive_key
from safeconduct.sealing.keys import PrivateKey, seal_to
from safeconduct.sealing.padding import pad, padded_length
from safeconduct.sealing.signatures import SigningKey
from safeconduct.vocabulary import records
from safeconduct.vocabulary.applications import ApplicationType, Kind, Stage, Urgency
from safeconduct.vocabulary.contact import SafeContactRule
from safeconduct.vocabulary.identifiers import ConversationId
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.secrets import Passphrase

HERE = Path(__file__).parent
Case = dict[str, Any]


def fixed(name: str, length: int = 32) -> bytes:
    """Bytes that anybody can make again from a name."""
    return hashlib.shake_256(b"safe conduct vectors: " + name.encode()).digest(length)


KEYS = {name: PrivateKey.from_seed(fixed(name)) for name in ("intake", "handover", "person", "stranger")}
EDGE, DESK, FORGER = (SigningKey.from_seed(fixed(name)) for name in ("edge", "desk", "forger"))
CONVERSATION = ConversationId(fixed("conversation", 16))
DAY = date(2026, 11, 21)
WEB = Label("web", "ru", Kind.APPLICATION, Urgency.NOW)
FACTS = records.ApplicationFacts(
    type=ApplicationType.INDIVIDUAL,
    language="ru",
    stage=Stage.FRONT,
    head_count=1,
    channel="web",
    safe_contact=SafeContactRule(channel="web", from_="19:00", to="21:30", timezone="Europe/Moscow"),
    duress_word_set=False,
    mailbox=KEYS["person"].public.raw,
)


def sealed(record: records.Record, *recipients: str, **changed: Any) -> envelope.Envelope:
    usual: Case = {
        "purpose": envelope.Purpose.TO_TEAM,
        "conversation": CONVERSATION,
        "label": WEB,
        "day": DAY,
        "recipients": [KEYS[name].public for name in recipients],
        "signer": EDGE,
    }
    return envelope.seal(records.encode(record), **(usual | changed))


def good() -> list[Case]:
    reply = Label("web", "ko-KP", Kind.REPLY, Urgency.SOON)
    note = Label("web", "en", Kind.MESSAGE, Urgency.LATER)
    text = records.PersonText(text="Хочу жить.\nЯ один, воды нет. 살고 싶습니다 🕊", duress=True)
    answer = records.ReplyText(text="받았습니다. 내일 다시 보십시오.", day="2026-11-22")
    to_person = sealed(answer, "person", "intake", purpose=envelope.Purpose.TO_PERSON, label=reply, signer=DESK)
    both = sealed(FACTS, "intake", "handover")
    return [
        _good("the facts of an application", FACTS, sealed(FACTS, "intake"), ["intake"]),
        _good("a person's text", text, sealed(text, "intake"), ["intake"]),
        _good("a reply for the person and the team", answer, to_person, ["person", "intake"]),
        _good(
            "an operator's note",
            records.NoteText(text="Позвонить нельзя."),
            sealed(
                records.NoteText(text="Позвонить нельзя."),
                "handover",
                purpose=envelope.Purpose.NOTE,
                label=note,
                signer=DESK,
            ),
            ["handover"],
        ),
        _good("a wish to be erased", records.ErasureWish(), sealed(records.ErasureWish(), "intake"), ["intake"]),
        _good("a label that was withdrawn", FACTS, envelope.without_label(sealed(FACTS, "intake")), ["intake"]),
        _good(
            "a wrap that was destroyed", FACTS, envelope.destroy_wrap(both, KEYS["intake"].public.key_id), ["handover"]
        ),
        _good(
            "a wrap that was added",
            FACTS,
            envelope.add_wrap(sealed(FACTS, "intake"), KEYS["intake"], KEYS["handover"].public),
            ["intake", "handover"],
        ),
        _good(
            "wraps that were replaced",
            FACTS,
            envelope.replace_wraps(both, KEYS["intake"], [KEYS["person"].public]),
            ["person"],
        ),
        _good(
            "a long text",
            records.PersonText(text="🕊" * 1000),
            sealed(records.PersonText(text="🕊" * 1000), "intake"),
            ["intake"],
        ),
    ]


def _good(name: str, record: records.Record, made: envelope.Envelope, opened_by: list[str]) -> Case:
    return {
        "name": name,
        "envelope": envelope.serialise(made).hex(),
        "opened_by": opened_by,
        "purpose": made.header.purpose,
        "envelope_id": made.header.envelope.hex(),
        "conversation": made.header.conversation.hex(),
        "day": made.header.day.isoformat(),
        "label": made.label and msgspec.to_builtins(made.label),
        "signer": made.signer.hex(),
        "plain": records.encode(record).hex(),
        "record": msgspec.to_builtins(record, builtin_types=(bytes,)) | _hexed(record),
    }


def _hexed(record: records.Record) -> Case:
    return {"mailbox": record.mailbox.hex()} if isinstance(record, records.ApplicationFacts) else {}


def bad() -> list[Case]:
    made = sealed(records.PersonText(text="Хочу жить."), "intake", "handover")
    data = envelope.serialise(made)
    return [
        {"name": "untouched: the control of this file", "envelope": data.hex(), "refused": {}},
        *_cut(data),
        *_misread(data),
        *_flipped(made),
        *_swapped(made, sealed(records.PersonText(text="Другой"), "intake", "handover")),
        *_other_suites(made),
        *_wrong_bodies(),
        *_wrong_wraps(made),
    ]


def _bad(name: str, data: bytes, **refused: str) -> Case:
    return {"name": name, "envelope": data.hex(), "refused": refused}


def _cut(data: bytes) -> list[Case]:
    ends = {
        "nothing at all": 0,
        "inside the magic": 2,
        "inside the header": layout.HEADER_BYTES - 1,
        "after the header": layout.HEADER_BYTES,
        "inside the label's length": layout.HEADER_BYTES + 1,
        "inside the label": layout.HEADER_BYTES + 20,
        "inside the first wrap": 400,
        "inside the second wrap": 1600,
        "inside the ciphertext": len(data) - 200,
        "inside the signer": len(data) - 70,
        "inside the signature": len(data) - 1,
    }
    return [_bad(f"truncated: {place}", data[:end], parse="Malformed") for place, end in ends.items()]


def _misread(data: bytes) -> list[Case]:
    far_day = layout.HEADER_BYTES - 68
    label_at = layout.HEADER_BYTES
    label_end = label_at + 2 + data[label_at + 1]
    longer = (
        data[:label_at] + bytes([0, data[label_at + 1] + 1]) + data[label_at + 2 : label_end] + b"\0" + data[label_end:]
    )
    huge = (0xFFFFFFFF).to_bytes(4, "big")
    return [
        _bad("trailing byte", data + b"\0", parse="Malformed"),
        _bad("trailing envelope", data + data, parse="Malformed"),
        _bad("trailing byte in the label", longer, parse="Malformed"),
        _bad("letter beyond ASCII in the label", data.replace(b"\x03web", b"\x03w\xc3\xab"), parse="Malformed"),
        _bad("another magic", b"SCF" + data[3:], parse="Malformed"),
        _bad("version 0", data[:3] + b"\0" + data[4:], parse="UnknownVersion"),
        _bad("version 2", data[:3] + b"\2" + data[4:], parse="UnknownVersion"),
        _bad("purpose 0", data[:4] + b"\0" + data[5:], parse="Malformed"),
        _bad("purpose 4", data[:4] + b"\4" + data[5:], parse="Malformed"),
        _bad("a day beyond the calendar", data[:far_day] + huge + data[far_day + 4 :], parse="Malformed"),
        _bad("oversize", data, parse="TooLarge") | {"zeros_after": layout.ENVELOPE_MAX},
    ]


def _flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _flipped(made: envelope.Envelope) -> list[Case]:
    data = envelope.serialise(made)
    wraps_at = data.index(made.wraps[0].recipient)
    body_at = data.index(made.ciphertext)
    anywhere = {"verify": "BadSignature", "open": "Tampered"}
    return [
        _bad("bit flipped: envelope id", _flip(data, 5), **anywhere),
        _bad("bit flipped: conversation", _flip(data, 21), **anywhere),
        _bad("bit flipped: day", _flip(data, 40), **anywhere),
        _bad("bit flipped: label digest", _flip(data, 41), parse="Tampered"),
        _bad("bit flipped: commitment", _flip(data, 73), **anywhere),
        _bad("bit flipped: label salt", _flip(data, layout.HEADER_BYTES + 2), parse="Tampered"),
        _bad("bit flipped: label channel", _flip(data, layout.HEADER_BYTES + 20), parse="Tampered"),
        _bad("bit flipped: wrap's recipient", _flip(data, wraps_at), open="NotForThisKey"),
        _bad("bit flipped: wrap's length", _flip(data, wraps_at + 17), parse="Malformed"),
        _bad("bit flipped: wrap's ML-KEM ciphertext", _flip(data, wraps_at + 18), open="Tampered"),
        _bad("bit flipped: wrap's X25519 point", _flip(data, wraps_at + 18 + 1088), open="Tampered"),
        _bad("bit flipped: wrapped key", _flip(data, wraps_at + 18 + 1120), open="Tampered"),
        _bad("bit flipped: wrap's tag", _flip(data, wraps_at + 18 + 1167), open="Tampered"),
        _bad("bit flipped: ciphertext", _flip(data, body_at), **anywhere),
        _bad("bit flipped: ciphertext's tag", _flip(data, body_at + len(made.ciphertext) - 1), **anywhere),
        _bad("bit flipped: signer", _flip(data, len(data) - 80), verify="UnknownSigner"),
        _bad("bit flipped: signature", _flip(data, len(data) - 64), verify="BadSignature"),
    ]


def _swapped(made: envelope.Envelope, other: envelope.Envelope) -> list[Case]:
    wire = envelope.serialise
    forged = FORGER.sign(
        PROTOCOL + b"envelope" + layout.encode_header(made.header) + hashlib.sha256(made.ciphertext).digest()
    )
    urgent = replace(WEB, urgency=Urgency.LATER)
    unlabelled = envelope.without_label(made)
    note = replace(unlabelled, header=replace(made.header, purpose=envelope.Purpose.NOTE))
    return [
        _bad(
            "header of another envelope",
            wire(replace(unlabelled, header=other.header)),
            verify="BadSignature",
            open="Tampered",
        ),
        _bad(
            "body of another envelope",
            wire(replace(made, ciphertext=other.ciphertext)),
            verify="BadSignature",
            open="Tampered",
        ),
        _bad("wraps of another envelope", wire(replace(made, wraps=other.wraps)), open="Tampered"),
        _bad("signature of another envelope", wire(replace(made, signature=other.signature)), verify="BadSignature"),
        _bad("another purpose", wire(note), verify="BadSignature", open="Tampered"),
        _bad(
            "label of another envelope", wire(replace(made, label=WEB, label_salt=other.label_salt)), parse="Tampered"
        ),
        _bad("label with another urgency", wire(replace(made, label=urgent)), parse="Tampered"),
        _bad("signature forged in a door's name", wire(replace(made, signature=forged)), verify="BadSignature"),
        _bad(
            "signed by a stranger",
            wire(replace(made, signer=FORGER.verify_key.key_id, signature=forged)),
            verify="UnknownSigner",
        ),
        _bad("signature of zeros", wire(replace(made, signature=bytes(64))), verify="BadSignature"),
    ]


def _other_suites(made: envelope.Envelope) -> list[Case]:
    """Wraps that a weaker or another suite made. Their length gives most away; the rest fails in HPKE's key schedule."""
    info = PROTOCOL + b"wrap" + layout.encode_header(made.header)
    content_key = fixed("content key")
    expanded = hashlib.shake_256(KEYS["intake"].seed).digest(96)
    point = X25519PrivateKey.from_private_bytes(expanded[64:]).public_key()
    lattice = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).public_key()
    both = KEYS["intake"].public._parsed
    x25519 = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305).encrypt(content_key, point, info)
    mlkem = Suite(KEM.MLKEM768, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305).encrypt(content_key, lattice, info)
    aes = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM).encrypt(content_key, both, info)
    sha512 = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA512, AEAD.CHACHA20_POLY1305).encrypt(content_key, both, info)
    return [
        _rewrapped("weaker suite: X25519 alone", made, x25519, parse="Malformed"),
        _rewrapped("weaker suite: X25519 alone, filled up", made, bytes(1088) + x25519, open="Tampered"),
        _rewrapped("weaker suite: ML-KEM-768 alone", made, mlkem, parse="Malformed"),
        _rewrapped("another suite: AES-128-GCM", made, aes, open="Tampered"),
        _rewrapped("another suite: HKDF-SHA512", made, sha512, open="Tampered"),
    ]


def _rewrapped(name: str, made: envelope.Envelope, wrap: bytes, **refused: str) -> Case:
    """The intake's wrap replaced by hand; `serialise` would refuse to write one of another length."""
    data, old = envelope.serialise(made), made.wraps[0].sealed
    at = data.index(old)
    return _bad(name, data[: at - 2] + len(wrap).to_bytes(2, "big") + wrap + data[at + len(old) :], **refused)


def _wrong_bodies() -> list[Case]:
    """Written by a door that holds the keys and does not keep to the format."""
    plain = b"\xc0"
    shapes: dict[str, Callable[[bytes], bytes]] = {
        "padding that is not zero": lambda body: pad(body)[:-1] + b"\1",
        "padding beyond the size class": lambda body: pad(body) + bytes(padded_length(257) - 256),
        "a length beyond the body": lambda body: (300).to_bytes(4, "big") + pad(body)[4:],
    }
    uncommitted = envelope.serialise(_by_hand(pad(plain), committed="another content key"))
    return [
        *(_bad(name, envelope.serialise(_by_hand(shape(plain))), open="Malformed") for name, shape in shapes.items()),
        _bad("a body under another key than the committed one", uncommitted, open="Tampered"),
    ]


def _by_hand(padded: bytes, *, committed: str = "content key by hand") -> envelope.Envelope:
    made, content_key = sealed(records.ErasureWish(), "intake"), fixed("content key by hand")
    header = replace(made.header, commitment=derive_key(fixed(committed), salt=None, purpose=b"commitment"))
    head = layout.encode_header(header)
    body_key = derive_key(content_key, salt=None, purpose=b"body")
    ciphertext = ChaCha20Poly1305(body_key).encrypt(bytes(12), padded, head)
    wrap = envelope.Wrap(made.wraps[0].recipient, seal_to(KEYS["intake"].public, content_key, purpose=b"wrap" + head))
    signature = EDGE.sign(PROTOCOL + b"envelope" + head + hashlib.sha256(ciphertext).digest())
    return replace(made, header=header, wraps=(wrap,), ciphertext=ciphertext, signature=signature)


def _wrong_wraps(made: envelope.Envelope) -> list[Case]:
    data, head = envelope.serialise(made), layout.encode_header(made.header)
    first, second = made.wraps
    count_at = data.index(first.recipient) - 1
    row = data[count_at + 1 : count_at + 1 + 18 + 1168]
    another_key = seal_to(KEYS["intake"].public, fixed("another content key"), purpose=b"wrap" + head)
    short_key = seal_to(KEYS["intake"].public, bytes(31), purpose=b"wrap" + head)
    many = b"".join(bytes([number]) * 16 + row[16:] for number in range(17))
    after = data[count_at + 1 + 2 * len(row) :]
    return [
        _bad(
            "wrong recipient: sealed to others only",
            envelope.serialise(replace(made, wraps=(second,))),
            open="NotForThisKey",
        ),
        _bad(
            "wrong recipient: another's wrap under this key's name",
            envelope.serialise(replace(made, wraps=(replace(second, recipient=first.recipient),))),
            open="Tampered",
        ),
        _bad("no wraps at all", envelope.serialise(replace(made, wraps=())), open="NotForThisKey"),
        _bad("one recipient twice", data[: count_at + 1] + row + row + after, parse="Malformed"),
        _bad("seventeen wraps", data[:count_at] + b"\x11" + many + after, parse="TooLarge"),
        _rewrapped("a wrap with another key than the committed one", made, another_key, open="Tampered"),
        _rewrapped("a wrap with a short key", made, short_key, parse="Malformed"),
    ]


def derivations() -> Case:
    """Everything else that the document specifies."""
    receipt, secret, half = receipts.Receipt("271828182845904523536024"), fixed("receipt key"), fixed("kept half")
    derived = receipts.derive(receipt, secret)
    mailbox = receipts.mailbox_key(derived, half)
    team = KEYS["handover"]
    key, context = erasure.ErasureKey(fixed("erasure key")), b"wraps/" + CONVERSATION
    passphrase = Passphrase("legal winner thank year wave sausage worth")
    point = checkpoints.Checkpoint(41, DAY, fixed("chain"))
    return {
        "keys": [
            {"seed": k.seed.hex(), "public": k.public.raw.hex(), "key_id": k.public.key_id.hex()} for k in KEYS.values()
        ],
        "receipt": {
            "digits": receipt.digits,
            "secret": secret.hex(),
            "lookup": derived.lookup.hex(),
            "half": derived.half.hex(),
            "kept_half": half.hex(),
            "mailbox_seed": mailbox.seed.hex(),
            "words": {language: list(receipts.words(receipt, language)) for language in receipts.WORD_LISTS},
        },
        "erasure": {
            "key": key.raw.hex(),
            "context": context.hex(),
            "plain": b"wraps".hex(),
            "protected": erasure.protect(key, b"wraps", context=context).hex(),
        },
        "ticket": {
            "key": fixed("ticket key").hex(),
            "purpose": b"inbox".hex(),
            "expires": 1_800_000_000,
            "payload": b"where they were".hex(),
            "ticket": tickets.issue(fixed("ticket key"), b"where they were", purpose=b"inbox", expires=1_800_000_000),
        },
        "vault": {
            "passphrase": passphrase,
            "seed": KEYS["intake"].seed.hex(),
            "record": vault.close_vault(vault.OperatorKeys(KEYS["intake"]), passphrase).hex(),
            "cheap_record": vault.close_vault(
                vault.OperatorKeys(KEYS["intake"]), passphrase, cost=vault.VaultCost(1024, 1, 1)
            ).hex(),
        },
        "team_key": {
            "member_seed": KEYS["intake"].seed.hex(),
            "team_code": "handover",
            "version": 3,
            "team_seed": team.seed.hex(),
            "wrapped": vault.wrap_team_key(team, KEYS["intake"].public, team_code="handover", version=3).hex(),
        },
        "checkpoint": {
            "number": point.number,
            "day": point.day.isoformat(),
            "hash": point.hash.hex(),
            "verify_key": DESK.verify_key.raw.hex(),
            "signature": checkpoints.sign(point, DESK).hex(),
        },
        "blind_index": {
            "key": fixed("index key").hex(),
            "kind": "surname",
            "value": "иваненко",
            "bits": 12,
            "token": blind_index.token(fixed("index key"), "surname", "иваненко", bits=12),
        },
        "padding": {str(length): padded_length(length) for length in (0, 1, 256, 257, 300, 1000, 1500, 4097, 65_536)},
    }


def write(name: str, vectors: Case) -> None:
    known = {
        "doors": {"edge": EDGE.verify_key.raw.hex(), "desk": DESK.verify_key.raw.hex()},
        "seeds": {name: key.seed.hex() for name, key in KEYS.items()},
    }
    text = json.dumps(known | vectors, ensure_ascii=False, indent=1)
    (HERE / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write("envelopes-good.json", {"cases": good()})
    write("envelopes-bad.json", {"opened_with": "intake", "cases": bad()})
    write("derivations.json", derivations())
