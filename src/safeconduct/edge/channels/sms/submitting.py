# SPDX-License-Identifier: AGPL-3.0-or-later
"""One message to one person as a submit_sm (SMPP 3.4, 4.4.1), and what the SMSC's answer means."""

import struct

from aiosmpplib import NPI, TON, OptionalParam, PhoneNumber, SmppCommandStatus, SubmitSm

from safeconduct.edge.channels.contract import Address, Outgoing
from safeconduct.edge.channels.errors import SendLater, SendRefused
from safeconduct.edge.channels.sms import alphabets
from safeconduct.edge.channels.sms.settings import Settings

SINGLE_OCTETS = 160  # septets travel as octets: what fits short_message in every SMSC
_SAR_REFERENCE, _SAR_TOTAL, _SAR_INDEX = 0x020C, 0x020E, 0x020F
_HAS_HEADER = 0x40  # of esm_class
_PARTS_MAX = 255
_TRANSIENT = {
    SmppCommandStatus.ESME_RINVBNDSTS,
    SmppCommandStatus.ESME_RSYSERR,
    SmppCommandStatus.ESME_RMSGQFUL,
    SmppCommandStatus.ESME_RSUBMITFAIL,
    SmppCommandStatus.ESME_RTHROTTLED,
    SmppCommandStatus.ESME_RX_T_APPN,
}


def request(address: Address, message: Outgoing, settings: Settings) -> SubmitSm:
    """Raises `SendRefused` for what no SMSC could carry."""
    if not message.text or message.total > _PARTS_MAX:
        raise SendRefused("nothing to send, or too many parts")
    try:
        made = _request(address, message, settings)
        made.pdu()  # says now, rather than half-way, what cannot be written
    except (ValueError, struct.error):
        raise SendRefused("not a number or not a text that can be sent") from None
    return made


def judge(status: int) -> None:
    """Raises `SendLater` or `SendRefused`. An error in the answer means that nothing was accepted."""
    if status in _TRANSIENT:
        raise SendLater(f"status {status:#x}")
    if status:
        raise SendRefused(f"status {status:#x}")


def _request(address: Address, message: Outgoing, settings: Settings) -> SubmitSm:
    coding, octets = alphabets.encode(message.text, settings.default_alphabet)
    is_payload = settings.long_messages == "payload" and len(octets) > SINGLE_OCTETS
    is_part = message.total > 1 and settings.long_messages != "payload"
    has_header = is_part and settings.long_messages == "udh"
    made = SubmitSm(
        short_message="" if is_payload else message.text,
        message_payload=message.text if is_payload else "",
        source=_source(settings),
        destination=_number(address, settings),
        esm_class=_HAS_HEADER if has_header else 0,
        registered_delivery=settings.registered_delivery,
        encoding="ucs2" if coding else None,
        optional_params=_sar(message) if is_part and not has_header else [],
    )
    made.set_encoding_info(settings.default_alphabet, None)
    if not is_payload:
        made.set_encoded_message((_header(message) if has_header else b"") + octets)
    return made


def _header(message: Outgoing) -> bytes:
    """TS 23.040, 9.2.3.24.1. The reference of eight bits: every phone knows it, and a part holds one letter more."""
    return bytes((5, 0, 3, message.reference & 0xFF, message.total, message.index))


def _sar(message: Outgoing) -> list[OptionalParam]:
    return [
        OptionalParam(_SAR_REFERENCE, message.reference & 0xFFFF),
        OptionalParam(_SAR_TOTAL, message.total),
        OptionalParam(_SAR_INDEX, message.index),
    ]


def _number(address: Address, settings: Settings) -> PhoneNumber:
    if address.startswith("+"):
        return PhoneNumber(str(address[1:]), TON.INTERNATIONAL, NPI.ISDN)
    return PhoneNumber(str(address), TON(settings.number_ton), NPI(settings.number_npi))


def _source(settings: Settings) -> PhoneNumber:
    """What the settings say, else what the look of it says."""
    digits = settings.source.removeprefix("+")
    if not digits.isdecimal():
        usual = (TON.ALPHANUMERIC, NPI.UNKNOWN)
    elif digits != settings.source:
        usual = (TON.INTERNATIONAL, NPI.ISDN)
    else:
        usual = (TON.UNKNOWN, NPI.UNKNOWN)
    ton = usual[0] if settings.source_ton is None else TON(settings.source_ton)
    npi = usual[1] if settings.source_npi is None else NPI(settings.source_npi)
    return PhoneNumber(digits if digits.isdecimal() else settings.source, ton, npi)
