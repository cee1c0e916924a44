# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: SIM905 - 320 quoted words are no easier to read
"""Words for a challenge and its answer (R17): short, common, easy to tell apart by ear.

None names a place, a weapon, a person or what somebody may be afraid of. 64 of each language; a language without a list
says digits.
"""

WORDS: dict[str, tuple[str, ...]] = {
    "en": tuple(
        """apple bread butter candle carpet cherry circle coffee copper cotton dinner doctor feather finger flower
        garden guitar hammer honey jacket kettle ladder lemon letter mirror monkey morning mustard needle number
        onion orange paper pencil pepper picture pillow planet potato purple rabbit ribbon saddle salad season
        shadow silver sister spider summer table teacher ticket tiger tomato turtle velvet violin wagon walnut
        window winter yellow zebra""".split()
    ),
    "uk": tuple(
        """абрикос барабан береза булка велетень вишня віник волошка гарбуз годинник голка горіх гусак дзвоник
        диван долоня зошит калина капуста качка квасоля килим книжка ковдра колесо корова кошик кропива лимон
        лисиця ложка малина мед метелик молоко мотузка намисто огірок окуляри олівець павук папір перець пиріг
        подушка полуниця ранок ромашка рукавиця сметана сніданок сорока стілець тарілка троянда цибуля цукор
        чайник черевик чашка шапка яблуко ялинка ящірка""".split()
    ),
    "ru": tuple(
        """абрикос барабан берёза булка василёк веник вишня воробей гвоздика горох гусь дверь диван дыня ёлка
        жёлудь завтрак заяц зеркало иголка капуста карандаш качели клубника книга ковёр колесо корзина краска
        кувшин ладонь лимон лисица ложка малина мёд молоко муравей облако огурец одеяло окно орех очки
        паук перец пирог подушка посуда пуговица ромашка рубашка сахар скрипка сметана стул тарелка тетрадь
        утро черепаха чайник шапка шкаф яблоко""".split()
    ),
    "ko-KP": tuple(
        """가위 감자 거울 고추 구름 구두 국수 그림 기차 김치 꽃병 나무 나비 냄비 노래 단추 당근 대문 도토리 두부
        딸기 마늘 만두 모자 무지개 물병 바늘 바지 배추 버섯 번개 베개 복숭아 부채 비누 사과 사탕 새벽 소금 수박
        숟가락 시계 신발 아침 안경 앵두 양말 연필 오이 옥수수 우산 의자 이불 보자기 자두 저녁 접시 종이 주전자
        책상 치마 콩나물 포도 호박""".split()
    ),
    "ar": tuple(
        """أرنب إبرة إبريق برتقال بصل بطة بطيخ بيضة تفاح تمر ثوب جبن جزر جوز حليب حقيبة خبز خروف خيار خيط دجاجة
        دفتر دلو ذهب رمان ريشة زبدة زهرة زيتون ساعة سجادة سكر سلة سمكة شاي شمعة صابون صحن صيف طاولة طماطم عسل
        عصفور عنب غيمة فراشة فستان فنجان قلم قمح قميص كتاب كرسي ليمون مرآة مشمش مفتاح ملح ملعقة موز نافذة نحلة
        نعناع وردة""".split()
    ),
}

# What stands before each half in what the person is told.
THEY_SAY_YOU_ANSWER: dict[str, tuple[str, str]] = {
    "en": ("They will say:", "You answer:"),
    "uk": ("Вони скажуть:", "Ви відповісте:"),
    "ru": ("Они скажут:", "Вы ответите:"),
    "ko-KP": ("그들이 할 말:", "당신의 대답:"),
    "zh-Hans": ("他们会说：", "您回答："),
    "ne": ("उनीहरू भन्छन्:", "तपाईंको जवाफ:"),
    "hi": ("वे कहेंगे:", "आपका जवाब:"),
    "es": ("Ellos dirán:", "Usted responde:"),
    "ar": ("سيقولون:", "تجيب أنت:"),
    "fr": ("Ils diront :", "Vous répondez :"),
    "sw": ("Watasema:", "Wewe jibu:"),
    "uz-Latn": ("Ular aytadi:", "Siz javob berasiz:"),
    "tg": ("Онҳо мегӯянд:", "Шумо ҷавоб медиҳед:"),
    "ky": ("Алар айтышат:", "Сиз жооп бересиз:"),
    "kk": ("Олар айтады:", "Сіз жауап бересіз:"),
}
