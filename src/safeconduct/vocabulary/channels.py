# SPDX-License-Identifier: AGPL-3.0-or-later
"""The registry of channels: one line each. A channel's folder is `edge/channels/<code>/`; the web has pages instead."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChannelName:
    """A way to reach a person again. `name` is a brand, the same in every language, or a sentence of the catalogues."""

    code: str
    name: str
    is_brand: bool = True


CHANNELS: dict[str, ChannelName] = {
    channel.code: channel
    for channel in (
        ChannelName("telegram", "Telegram"),
        ChannelName("whatsapp", "WhatsApp"),
        ChannelName("signal", "Signal"),
        ChannelName("sms", "By text message", is_brand=False),
        ChannelName("voice", "By phone call", is_brand=False),
    )
}
