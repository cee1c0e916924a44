# SPDX-License-Identifier: AGPL-3.0-or-later
"""The safe-contact rule (R4): where and when a person may be written to, in their own time zone."""

from typing import Annotated

import msgspec

ChannelCode = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,16}$")]
ClockTime = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]

_MIDNIGHT = "00:00"

WEB = "web"  # replies only wait in the inbox

# Time zones offered on the form; named by place, in the person's language, with CLDR's words.
TIMEZONES: tuple[str, ...] = (
    "Europe/Kyiv",
    "Europe/Moscow",
    "Europe/Kaliningrad",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
    "Europe/Minsk",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Zurich",
    "Europe/Istanbul",
    "Asia/Pyongyang",
    "Asia/Shanghai",
    "Asia/Almaty",
    "Asia/Bishkek",
    "Asia/Tashkent",
    "Asia/Dushanbe",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Damascus",
    "Africa/Cairo",
    "Africa/Accra",
    "Africa/Douala",
    "Africa/Nairobi",
    "Africa/Dar_es_Salaam",
    "Africa/Kigali",
    "America/Havana",
    "America/Bogota",
)


class SafeContactRule(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """R4. `from_` to `to` is local wall time and may run over midnight. No rule at all (None) means: never contact.

    Midnight to midnight is the whole day, as whoever types 0 to 24 means it.
    """

    channel: ChannelCode
    from_: ClockTime
    to: ClockTime
    timezone: str
    neutral_text: bool = True

    def holds(self, clock: str) -> bool:
        """Whether the hours are open when a clock where the person is shows this (HH:MM). Their last minute belongs to them."""
        if self.from_ > self.to:
            return clock >= self.from_ or clock <= self.to
        return self.from_ == self.to == _MIDNIGHT or self.from_ <= clock <= self.to
