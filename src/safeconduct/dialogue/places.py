# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the offered time zones are called: a city a person knows, translated in the catalogues like any other sentence.

CLDR's own names are not used: for `ko-KP` it has Seoul's.
"""

CITY_OF_ZONE: dict[str, str] = {
    "Europe/Kyiv": "Kyiv",
    "Europe/Moscow": "Moscow",
    "Europe/Kaliningrad": "Kaliningrad",
    "Europe/Samara": "Samara",
    "Asia/Yekaterinburg": "Yekaterinburg",
    "Asia/Omsk": "Omsk",
    "Asia/Krasnoyarsk": "Krasnoyarsk",
    "Asia/Irkutsk": "Irkutsk",
    "Asia/Yakutsk": "Yakutsk",
    "Asia/Vladivostok": "Vladivostok",
    "Asia/Magadan": "Magadan",
    "Asia/Kamchatka": "Kamchatka",
    "Europe/Minsk": "Minsk",
    "Europe/London": "London",
    "Europe/Berlin": "Berlin",
    "Europe/Zurich": "Zurich",
    "Europe/Istanbul": "Istanbul",
    "Asia/Pyongyang": "Pyongyang",
    "Asia/Shanghai": "Beijing",
    "Asia/Almaty": "Almaty",
    "Asia/Bishkek": "Bishkek",
    "Asia/Tashkent": "Tashkent",
    "Asia/Dushanbe": "Dushanbe",
    "Asia/Kathmandu": "Kathmandu",
    "Asia/Kolkata": "Delhi",
    "Asia/Damascus": "Damascus",
    "Africa/Cairo": "Cairo",
    "Africa/Accra": "Accra",
    "Africa/Douala": "Douala",
    "Africa/Nairobi": "Nairobi",
    "Africa/Dar_es_Salaam": "Dar es Salaam",
    "Africa/Kigali": "Kigali",
    "America/Havana": "Havana",
    "America/Bogota": "Bogotá",
}
