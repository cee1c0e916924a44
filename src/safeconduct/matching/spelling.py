# SPDX-License-Identifier: AGPL-3.0-or-later
"""Latin letters whose sound depends on the language they are written in, spelled as they sound.

The language is told by the name itself: its marks, its endings, a few very common names. Where it cannot be told the
letters keep their usual sound, and the coarse skeleton has to bridge the rest.
"""

import re
from typing import Final, NamedTuple

_Rules = tuple[tuple[re.Pattern[str], str], ...]


def _rules(*pairs: tuple[str, str]) -> _Rules:
    return tuple((re.compile(pattern), instead) for pattern, instead in pairs)


_KS: Final = r"\b(ale|feli|ma(?=x[iw\s])|o(?=xana)|ro|\w*la(?=xm))x"  # Alexander, Maxim: an x that is no kh

# ISO 9 and the Latin alphabets of the Slavs: c is ts, j is a vowel.
_SLAVIC_MARK: Final = re.compile(
    r"[žčšŝʹʺ]|ìj|(?<![og])`|cz|shh|(?<!\b[rmnft])[aeo]j[bdfglmnrstvz]|[bcdfghklmnprstvz][âûë]|[iaeo][âû]|û[rl]|^â|[tkzv]j[aeu]|(?<![ae])lj[aeu]|[iy]j[bdfgklmnprstvz]"
)
_SLAVIC: Final = _rules(
    ("cz", "c"), ("c(?!h)", "ts"), (_KS, r"\1ks"), ("x", "kh"), ("â", "ya"), ("û", "yu"), ("ë", "yo"), ("j", "y")
)

# Slavs as Poles write them: sz, cz, rz and w; ch is kh, j and y are vowels.
_POLISH_MARK: Final = re.compile(
    r"[łżąęśź]|szcz|sz(?=[aeiouykt])(?!ab)|[aeiou]sz\b|cz[aeiouyk]|wicz\b|w[sc]ki\b|[aeiou]rz[aeiouy](?!n\b)"
)
_POLISH: Final = _rules(
    ("ch", "kh"), ("szcz", "shch"), ("sz", "sh"), ("(?<=[aeiou])rz|ż|ź", "zh"), ("cz", "ch"), ("ck", "tsk"), ("c(?![hk])", "ts"), ("j", "y"),
    ("ł", "l"), ("w", "v"), ("dz(?=i)", "dz"), ("ą", "on"), ("ę", "en"), ("ś", "s"), ("ń", "n"), ("ć", "ts"), (r"iusz\b", "i"),
)  # fmt: skip
# And as Germans do: sch, tsch, schtsch, w, and a j that is a vowel.
_GERMAN_MARK: Final = re.compile(
    r"tsch|schtsch|\bsch[a-z]*(?:nko|uk|skyj|skij|sky|ow|ew|il|yl)\b|\bjew|[iy]j\b|sch[aeiouy]nk"
)
_GERMAN: Final = _rules(
    ("schtsch", "shch"), ("tsch", "ch"), ("sch", "sh"), (r"\bch(?=[aeiory])|(?<=[aeiouy])ch(?=[aeiouy])|(?<=[aeiouy])ch\b", "kh"), ("w", "v"), ("j", "y"),
)  # fmt: skip

# Uzbek: x is kh; the marked oʻ and gʻ, a q without u, and the endings tell it.
_UZBEK_MARK: Final = re.compile(
    r"[og][ʻ‘’ʼ'`]|q(?!u)|\bx(?![aei]v|en|im|oc)|(?<!la)x[bdfghjklmnrtvz]|(?:ov|ev|ova|eva|jon|bek|boy|xon|zoda|oy|ovich|evich|ovna|evna)\b"
)
_UZBEK: Final = _rules((_KS, r"\1ks"), ("x", "kh"))

_SPANISH_MARK: Final = re.compile(
    r"[ñáóúí]|(?<!\bh)(?<!\bf)(?<!\br)[a-zé]{2}[eé]z\b|[a-zé]{2}(?:illo|illa|ejo|ujo)\b|\b(?:juan|jos[eé]|jorge|jes[uú]s|javier|joaqu[ií]n|julio|juli[aá]n|jaime|carlos|luis|miguel|pedro|"
    r"pablo|diego|francisco|manuel|antonio|alejandro|fernando|ram[oó]n|rafael|ra[uú]l|rub[eé]n|enrique|eduardo|ricardo|"
    r"roberto|sergio|h[eé]ctor|hugo|[oó]scar|andr[eé]s|[aá]ngel|[aá]lvaro|guillermo|ignacio|emilio|esteban|felipe|gonzalo|"
    r"gustavo|santiago|mateo|garc[ií]a|cruz|morales|ort[ií]z|castillo|romero|moreno|herrera|rojas|vargas|mendoza|reyes|"
    r"flores|castro|guerrero|medina|aguilar|vega|soto|acosta|gerardo|germ[aá]n|gilberto|genaro|mar[ií]a (?:del|de|isabel|jos)|isabel|guadalupe|yolanda)\b"
)
_SPANISH: Final = _rules(
    ("(?<!c)h", ""), ("g[uü](?=[eiéí])", "g_"), ("g(?=[eiéí])", "kh"), ("g_", "g"), ("j", "kh"), ("z", "s"), ("qu", "k"), ("ñ", "n"), ("tx", "ch"),
)  # fmt: skip

_FRENCH_MARK: Final = re.compile(
    r"[èêçœïôé]|(?:eau|eaux|ault|oux|ois|(?<![pwku])(?<!rich)(?<!on)ard|ier|aire|ette|elle|ière|ouf)\b|"
    r"\b(?:jean|pierre|fran[cç]oise?|fr[eé]d[eé]ric|alain|romain|dominique|yannick|s[eé]bastien|j[eé]r[oô]me|g[eé]rard|benoit|etienne|c[eé]dric|fabrice|fabien|florent|gilles|herv[eé]|luc|maxime|patrice|sylvain|st[eé]phane|thibaul?t|damien|joel|monique|nathalie|sylvie|v[eé]ronique|christophe|emmanuel|michel|jacques|olivier|laurent|vincent|antoine|guillaume|julien|mathieu|thierry|yves|louis|didier|"
    r"roger|claude|philippe|nicolas|pascal|bernard|gérard|étienne|rené|benoît|henri|marcel|"
    r"rené|genevi[eè]ve|arnaud|arnault|hugues|philibert|gaston|lionel|corentin|mickael|raphael|edouard|armand|rene|gaetan|yve|fernand|lucien|marcelle?|"
    r"georges|jacqueline|martine|corinne|brigitte|sandrine|st[eé]phanie|c[eé]line|aur[eé]lie|elodie|am[eé]lie|ghislaine?|agn[eè]s|b[eé]atrice|raoul|serge|"
    r"alphonse|achille|aristide|baptiste|bastien|beno[iî]te|bertrand|blaise|boris-?claude|c[eé]lestin|dieudonn[eé]|edmond|eugène|eustache|f[eé]licien|firmin|"
    r"gaspard|germain|gervais|gregoire|gr[eé]goire|honor[eé]|isidore|jean-?[a-z]+|jo[eë]l|jules|léon|l[eé]opold|loic|ludovic|maxence|modeste|octave|"
    r"pacome|parfait|prosper|r[eé]gis|r[eé]mi|remy|robert-?claude|rodrigue|sylvestre|tanguy|tangui|th[eé]ophile|thibaut|toussaint|urbain|yvon|za[cz]harie)\b"
)
_FRENCH: Final = _rules(
    (r"\bfranc(?=o)", "frans"), (r"\bdieudonne\b", "dieudonné"), (r"\b(d|l|m|qu|duqu|ch)es(?=[bcdfgjlmnpqrtv])", r"\1e"), ("(?<=[a-z])esn(?=e)", "en"), (r"(?<=[ao]i)[stdx]\b|(?<=ou)x\b", ""),
    (r"(?<=[a-z]{2}[bdfgklmnprstvzu])es\b", "e"), ("(?<!v)(?<!m)(?<=[aeiou])ill(?=[aeiou])|(?<=gu)ill(?=[aeo])", "y"), ("ce(?=au)", "s"), ("(?<=[a-z]{2}i)ers?\\b", "e"),
    (r"\bou(?=[aeiéè])", "w"), ("oy", "oi"),
    (r"d[jg](?=[aeiou])", "j"), ("ch(?=[rln])", "k"), ("tch", "tsh"), ("ç", "s"), ("(?<!t)(?<!s)ch", "sh"), ("eau(?:x|lt?x?|d|s)?\\b|eau|aux?\\b|au[ld]?t?\\b|au", "o"),
    (r"ai(?=[mnrsx])|(?<=[a-z]{3})ay\b|ei(?=[mnrsx])", "é"), (r"oi(?!c\b)", "ua"), ("ou", "u"), ("gn(?=[aeiouyéè])", "n"), ("qu", "k"), ("gu(?=[eiéèy])", "g_"), ("g(?=[eiéè])", "j"), ("g_", "g"),
    ("(?<=[aeou])ill", "i"), (r"(?<=e)uil\b|(?<=e)il\b", "i"), (r"(?<![sctpk])h", ""), (r"(?<=[a-z]{3})er\b", "é"),
    (r"(?<=[a-z]{2}[bdfgklmnprstvz])e\b", ""), (r"(?<=[a-z]{2}[rnaeo])[td]s?\b", ""),
)  # fmt: skip
# French after these rules still writes h in Arabic names: they are no French names, and their h is spoken.
_ARABIC_MARK: Final = re.compile(
    r"\babd|kader|\bben\b|\bould\b|\b[ae]l[ -]|ham|hass|hous|ahm|brah|hal|had|hac|rah|sah|yah|tah|nah|mah|fah|hic|hak|bdel|bdou|llah|hos|hus"
)

_NO_ARAB: Final = re.compile("eau|ault|aud\\b|oux\\b|œ|ç")

_ENGLISH_MARK: Final = re.compile(
    r"\b(?:john|william|robert|richard|james|thomas|joseph|ste(?:v|ph)en|edward|charles|david|matthew|anthony|christopher|"
    r"benjamin|samuel|gregory|kenneth|george|henry|patrick|brian|sean|michael|peter|paul|kevin|jason|jack|harry|oliver|"
    r"smith|jones|wright|hughes|mary|elizabeth|jennifer|margaret|sarah|susan|andrew|daniel|mark|philip|graham|nigel|"
    r"bill|bob|dick|jim|tom|joe|steve|ed|charlie|dave|dan|matt|tony|chris|ben|sam|greg|ken|mike|nicholas|jonathan|"
    r"geoffrey|jeffrey|alexander|catherine|katherine|timothy|simon|ryan|scott|dennis|keith|ralph|bryan|jon|georg|walker|taylor|clarke?|brown|white|hall|young|king|green|baker|moore|cooper|rogers|shaun|shawn|pat|nick|rick|ron|don|fred|frank|walter|albert|arthur|jerry|larry|josh|andy|alan|allen|eric|carl|hugh|ian|roy|ray|stanley|stuart|stewart|terry|wayne|dean|douglas|duncan|derek|donald|dylan|ethan|evan|floyd|gary|gavin|glenn|harold|howard|jake|jeremy|justin|kyle|lewis|logan|luke|marcus|neil|noah|owen|randy|ross|russell|shane|todd|travis|troy|tyler|emily|emma|jane|jessica|karen|kelly|linda|lisa|nancy|pamela|patricia|rachel|rebecca|ruth|sharon|shirley|ronald|raymond|leonard|lawrence|herbert|edwin|victoria|vicky|doug|art|allan|barbara|carol|deborah|dorothy|helen|heather|laura|michelle|sandra|sophie|charlotte|amanda|amy|angela|ann|anne|alice|chad|clive|colin|craig|darren|ernest|ethan|geoff|gordon|grant|guy|jason|joel|julian|keith|kirk|lloyd|malcolm|max|morris|norman|oscar|perry|ralph|rodney|sidney|ted|theodore|tracy|vernon|victor|vincent|warren|wendell|wesley)\b|(?:ight|son|shaw|(?<!da)wood|well)\b"
)
_ENGLISH: Final = _rules(
    ("ch(?=[rln])", "k"), ("dg(?=[eswi])", "dzh"), ("stl", "sl"), ("wr(?=i)", "r"), (r"\bkn", "n"), (r"(?<=[a-z]{2})rhodes|\brh(?=o)", "r"), ("tia\\b", "sia"),
    ("ughes", "uz"), ("(?<=[a-z])ew", "iu"), ("ea(?!r)", "ee"), ("oa", "o"), ("(?<![aeiou])u(?=[bcdfgklmnpst]{2})", "a"), ("pherd", "pard"),
    (r"(?<=[ao])h(?=n)", ""), (r"\bwr", "r"), (r"\bkn", "n"), ("igh(?=t|\\b)", "i"), ("ough", "o"), ("gh(?=[ts]|\\b)", ""), ("g(?=e[or]|es?\\b)", "j"),
    ("alk", "ak"), (r"mb\b", "m"), (r"\bwh", "w"), ("(?<=[aeo])w(?=[^aeiou]|\\b)", "u"), (r"(?<=[a-z]{2}[bcdfgklmnprstvz])e\b", ""), ("ms(?=on)", "mps"), (r"(?<=[a-z]{3})sen\b", "son"), (r"\bgeorg\b", "george"),
)  # fmt: skip

_FRENCH_OF_ARABS_MARK: Final = re.compile(
    r"ou|\bdj|(?:\b|a|i)(?:hich|rach|chaa?b|bach|achr|cher[iy]f|chad|chak(?!r)|aich|chaou)|\babdel"
)
_FRENCH_OF_ARABS: Final = _rules(
    ("aou(?=i)", "aw"), ("gn(?=[aeiouyéè])", "n"), (r"\bou(?=[aeoé])", "w"), (r"d[jg](?=[aeiou])", "j"), ("ou", "u"), ("(?<!t)ch(?!\\b)", "sh"), ("qu(?=[aeio])", "k"),
)  # fmt: skip
_LANGUAGES: Final = (
    (_POLISH_MARK, _POLISH),
    (_GERMAN_MARK, _GERMAN),
    (_SLAVIC_MARK, _SLAVIC),
    (_SPANISH_MARK, _SPANISH),
    (_ENGLISH_MARK, _ENGLISH),
    (_UZBEK_MARK, _UZBEK),
    (_FRENCH_MARK, _FRENCH),
    (_FRENCH_OF_ARABS_MARK, _FRENCH_OF_ARABS),
)

_EVERYWHERE: Final = _rules(
    (r"(?<=\w )(?:[ée]pouse|n[ée]e|veuve|vve|ép\.?) (?=\w)", ""),
    ("cœ", "kœ"),
    ("oî", "oi"),
    ("ée", "e"),
    (r"\b(te|(?:ksh|chh)\w*i)j\b", r"\1dzh"),
    (r"dt\b", "t"),
    (r"\bst[. -]+(?=[a-z]{3})", "saint "),
    (r"\bste[. -]+(?=[a-z]{3})", "sainte "),
    (r"\bwh(?=[aeiou])", "w"),
    (r"\bmc ?(?!h[aeiou])(?=[a-z])", "mak"),
    (r"\bchr(?=[iyeéo])", "kr"),
    (r"\bmac(?=in)", "mak"),
    (r"\bbapt", "bat"),
    ("ajr(?=a)", "adzhr"),
)
_NO_SLAV: Final = re.compile(r"\b[ae]l[- ]|bh|raj\b|\babd|[eua]d?din|llah\b|alaj|q(?!u)|\bmarz[ou]|\bbarz[aie]n")
_BESIDE_CONSONANTS: Final = _rules(("j(?=[bcdfgklmnrstvz])", "dzh"))  # Ajmi: else a vowel
_LATIN: Final = re.compile("[a-z]")


def respelled(text: str) -> str:
    """`text` in lower case, before its marks are taken away, as its own marks say that it sounds."""
    if not _LATIN.search(text):
        return text
    text = _by(_EVERYWHERE, text)
    return _by(_told(text), text)


def respelled_otherwise(text: str) -> tuple[str, ...]:
    """The same as an Englishman and as a Frenchman reads it, where nothing says that it is neither's; else nothing."""
    if not _LATIN.search(text):
        return ()
    text = _by(_EVERYWHERE, text)
    told = _told(text)
    if told is _FRENCH and _SURELY_FRENCH.search(text):
        return _by(_FRENCH, text), _by(_FRENCH, text)
    return (_by(_ENGLISH, text), _by(_FRENCH, text)) if told in ((), _ENGLISH, _FRENCH) else ()


def respelled_spanish(text: str) -> str | None:
    """As a Spaniard reads a name that does not look Spanish: what is beside it may be."""
    if not _LATIN.search(text):
        return None
    text = _by(_EVERYWHERE, text)
    return _by(_SPANISH, text) if _told(text) is not _SPANISH else None


def respelled_english(name: str) -> str:
    return _by(_ENGLISH, _by(_EVERYWHERE, name))


_SURELY_FRENCH: Final = re.compile("[èêçœïôéâîû]|eau|ault|oux")


class Spelled(NamedTuple):
    """What the letters say: whose they are, or that they may be anybody's. French may be an Arab's name (`of_arabs`)."""

    anybodys: bool
    english: bool
    french: bool
    of_arabs: bool
    spanish: bool = False


def spelled(text: str) -> Spelled:
    """`french`: its last consonants may be silent."""
    told = _told(text)
    return Spelled(
        anybodys=not told and _LATIN.search(text) is not None,
        english=told is _ENGLISH,
        french=_FRENCH_MARK.search(text) is not None and told not in (_SPANISH, _SLAVIC, _POLISH, _GERMAN, _UZBEK),
        of_arabs=told is _FRENCH_OF_ARABS,
        spanish=told is _SPANISH,
    )


def _told(text: str) -> _Rules:
    rules = next((rules for mark, rules in _LANGUAGES if mark.search(text)), ())
    if rules in (_SLAVIC, _POLISH, _GERMAN) and _NO_SLAV.search(text):
        return _BESIDE_CONSONANTS
    if rules is _FRENCH and _ARABIC_MARK.search(text) and not _NO_ARAB.search(text):
        return _FRENCH_OF_ARABS
    return rules


def _by(rules: _Rules, text: str) -> str:
    for pattern, instead in rules:
        text = pattern.sub(instead, text)
    return text
