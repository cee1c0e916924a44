# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tables of the standards as printed, for spelling test data. Nothing of `safeconduct.matching` is used here."""

RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
UKRAINIAN = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"


def _table(letters: str, latin: str) -> dict[str, str]:
    return dict(zip(letters, [part.replace("_", "") for part in latin.split()], strict=True))


# ICAO 9303, part 3 (passports)
ICAO_RUSSIAN = _table(RUSSIAN, "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y _ e iu ia")
# BGN/PCGN 1947; е after a vowel or at the start is ye
BGN_RUSSIAN = _table(RUSSIAN, "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch ” y ’ e yu ya")
# ISO 9:1995 = GOST 7.79 system A
ISO_9 = _table(RUSSIAN, "a b v g d e ë ž z i j k l m n o p r s t u f h c č š ŝ ʺ y ʹ è û â")
# GOST 7.79 system B
GOST_B = _table(RUSSIAN, "a b v g d e yo zh z i j k l m n o p r s t u f x cz ch sh shh `` y` ` e` yu ya")
# Resolution 55 of the Cabinet of Ministers of Ukraine (2010); at the start of a word є ї й ю я are ye yi y yu ya
KMU_55 = _table(UKRAINIAN, "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch _ iu ia")
KMU_55_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
# BGN/PCGN 1965
BGN_UKRAINIAN = _table(UKRAINIAN, "a b v h g d e ye zh z y i yi y k l m n o p r s t u f kh ts ch sh shch ’ yu ya")
# ISO 9:1995 for Ukrainian
ISO_9_UKRAINIAN = _table(UKRAINIAN, "a b v g g̀ d e ê ž z i ì ï j k l m n o p r s t u f h c č š ŝ ʹ û â")
# BGN/PCGN for Tajik (1994), Kyrgyz (1979) and Kazakh (1979): what they add to the Russian letters
BGN_TAJIK = BGN_RUSSIAN | {"ғ": "gh", "ӣ": "í", "қ": "q", "ӯ": "ŭ", "ҳ": "h", "ҷ": "j", "ъ": "’", "э": "è"}
BGN_KYRGYZ = BGN_RUSSIAN | {"ж": "j", "ң": "ng", "ө": "ö", "ү": "ü"}
BGN_KAZAKH = BGN_RUSSIAN | {"ә": "ä", "ғ": "gh", "қ": "q", "ң": "ng", "ө": "ö", "ұ": "u", "ү": "ü", "һ": "h", "і": "i"}
# ICAO 9303 for the same letters
ICAO_KAZAKH = ICAO_RUSSIAN | {"ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i"}
ICAO_KYRGYZ = ICAO_RUSSIAN | {"ң": "ng", "ө": "o", "ү": "u"}
ICAO_TAJIK = ICAO_RUSSIAN | {"ғ": "g", "ӣ": "i", "қ": "k", "ӯ": "u", "ҳ": "h", "ҷ": "j"}

STANDARDS: dict[str, list[dict[str, str]]] = {
    "ru": [ICAO_RUSSIAN, BGN_RUSSIAN, ISO_9, GOST_B],
    "uk": [KMU_55, BGN_UKRAINIAN, ISO_9_UKRAINIAN],
    "tg": [BGN_TAJIK, ICAO_TAJIK],
    "ky": [BGN_KYRGYZ, ICAO_KYRGYZ],
    "kk": [BGN_KAZAKH, ICAO_KAZAKH],
}


def spelled(name: str, table: dict[str, str]) -> str:
    return " ".join(_word(word, table) for word in name.lower().split())


def _word(word: str, table: dict[str, str]) -> str:
    if table is KMU_55:
        word = word.replace("зг", "zgh")  # the resolution's own exception
    first = KMU_55_FIRST.get(word[0]) if table is KMU_55 else None
    letters = [first or table.get(word[0], word[0]), *(table.get(letter, letter) for letter in word[1:])]
    return "".join(letters).capitalize()
