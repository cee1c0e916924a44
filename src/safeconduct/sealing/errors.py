# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""Everything that this room refuses. No error carries a secret, a digit of a receipt or a byte of a plain text."""


class SealingError(Exception):
    """The base of all.

    SealingError
    ├── KeyRefused             bytes that are no key
    ├── EnvelopeRefused
    │   ├── Malformed          not an envelope, cut short, or with something left over
    │   ├── UnknownVersion     a format this release does not know
    │   ├── UnknownSigner      written by no door that we know
    │   │   └── OtherLine      for another line than this
    │   ├── BadSignature       not what its writer signed
    │   ├── NotForThisKey      no wrap for this key
    │   ├── Tampered           does not open as what it says it is
    │   └── TooLarge           beyond the format's limits
    ├── VaultRefused           a record that is none, or was altered
    │   ├── WrongPassphrase
    │   └── CostTooLow         made cheaper to guess than this house allows
    ├── SharesRefused          no share, or shares that do not fit together
    ├── ReceiptRefused
    │   ├── ReceiptMalformed   not twenty-four digits, or not seven words of one list
    │   └── ReceiptSlip        a digit mistyped or two swapped
    ├── TicketRefused
    │   ├── TicketMalformed    not ours, altered, or for another purpose
    │   └── TicketExpired
    ├── PublicationRefused
    │   ├── Unsigned           fewer distinct signatures than the trust anchor asks for
    │   ├── Expired
    │   ├── Older              a version behind the one already seen
    │   └── Altered            not this content, not this name, or no document at all
    └── Erased                 the erasure key is gone, and with it all that lay under it
    """


class KeyRefused(SealingError): ...


class EnvelopeRefused(SealingError): ...


class Malformed(EnvelopeRefused): ...


class UnknownVersion(EnvelopeRefused): ...


class UnknownSigner(EnvelopeRefused): ...


class OtherLine(UnknownSigner): ...


class BadSignature(EnvelopeRefused): ...


class NotForThisKey(EnvelopeRefused): ...


class Tampered(EnvelopeRefused): ...


class TooLarge(EnvelopeRefused): ...


class VaultRefused(SealingError): ...


class WrongPassphrase(VaultRefused): ...


class CostTooLow(VaultRefused): ...


class SharesRefused(SealingError): ...


class ReceiptRefused(SealingError): ...


class ReceiptMalformed(ReceiptRefused): ...


class ReceiptSlip(ReceiptRefused): ...


class TicketRefused(SealingError): ...


class TicketMalformed(TicketRefused): ...


class TicketExpired(TicketRefused): ...


class PublicationRefused(SealingError): ...


class Unsigned(PublicationRefused): ...


class Expired(PublicationRefused): ...


class Older(PublicationRefused): ...


class Altered(PublicationRefused): ...


class Erased(SealingError): ...
