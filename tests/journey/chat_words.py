# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may be read on a person's phone: whole approved sentences of one language, and outside of what they asked for nothing
that tells what it is about."""

import re
from functools import cache

import regex

from safeconduct.dialogue.texts import texts
from safeconduct.vocabulary.languages import LANGUAGES

# Words that a stranger who looks at the phone must not read: of surrender, capture, army, war, weapons, and of this line.
TELLING = {
    "en": "surrender captiv prisoner army soldier militar war weapon front enemy line conduct",
    "uk": "зда служ передов полон арм солдат військ війн збро фронт ворог ліні",
    "ru": "сда служ передов плен арм солдат воен войн воин оруж фронт враг лини",
    "ko-KP": "항복 련락선 포로 군대 군인 전쟁 무기 전선 적군",
    "zh-Hans": "投降 热线 俘 军 士兵 战 武器 前线 敌",
    "ne": "लाइन आत्मसमर्पण बन्दी सेना सैनिक युद्ध हतियार मोर्चा",
    "hi": "लाइन आत्मसमर्पण बंदी कैदी सेना सैनिक युद्ध हथियार मोर्च",
    "es": "rend rind prision ejército soldad militar guerra arma frente enemig línea",
    "ar": "استسل خط أسير أسرى جيش جندي جنود عسكر حرب سلاح جبهة عدو",
    "fr": "rend prisonn armée soldat milit guerre arme front ennemi ligne",
    "sw": "jisalimisha mwanajeshi mateka jeshi vita silaha mstari adui laini",
    "uz-Latn": "taslim chiziq liniya asir armiya askar harbiy urush qurol front dushman",
    "tg": "таслим низом фронт хатти асир артиш лашкар сарбоз аскар ҷанг силоҳ ҷабҳа душман",
    "ky": "багын линия туткун арми аскер жоокер согуш курал фронт майдан душман",
    "kk": "беріл шеп желі тұтқын әскер сарбаз жауынгер соғыс қару майдан жау ",
}


def telling(text: str, tag: str) -> list[str]:
    """Which of these words stand in it, at a word's beginning where nothing is written together with it."""
    begins = "" if tag in {"zh-Hans", "ko-KP", "ar"} else r"(?<!\p{L})"
    return [word for word in TELLING[tag].split() if regex.search(begins + regex.escape(word), text.lower())]


def strange(text: str, tag: str, *known: str) -> str:
    """What is left of a text without the sentences of that language's catalogue, digits, signs and `known` values."""
    endonyms = [language.endonym for language in LANGUAGES.values()]
    for value in sorted([*known, *endonyms, "Telegram", "WhatsApp", "Signal"], key=len, reverse=True):
        text = text.replace(value, "")
    return regex.sub(r"\P{L}+", " ", _sentences(tag).sub("", text)).strip()


@cache
def _sentences(tag: str) -> re.Pattern[str]:
    spoken = texts(tag)
    said = [*spoken._sentences.values(), *(form for forms in spoken._plurals.values() for form in forms)]
    return re.compile("|".join(_pattern(one) for one in sorted(said, key=len, reverse=True)))


def _pattern(sentence: str) -> str:
    """A value stands where the catalogue has a name in braces: figures, or what is known and was taken out before."""
    return re.sub(r"\\\{[a-z_]+\\\}", r"[\\W\\d]*?", re.escape(sentence))
