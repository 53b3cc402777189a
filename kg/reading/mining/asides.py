"""Words that are not terms, in any language: those that open an example, a reference or another name, and ordinals.

`CMS (e.g.: Ghost)`, `API（例：getX）`, `CMS(예: Ghost)` and `Norm (siehe: Anhang)` gloss nothing, and `Step 1` is
the term of no definition list.
"""

import re
import unicodedata

from kg.text.patterns import pattern

_WORDS = frozenset("""
    eg|ie|viz|cf|aka|for example|for instance|example|examples|such as|that is|that is to say|namely
    |in other words|also|also known as|also called|see|see also|or|ex|short for|short|formerly|so called|meaning
    |i e|e g|a k a|vs|zb|zum beispiel|beispiel|beispielsweise|bspw|bsp|dh|das heißt|das heisst|siehe|siehe auch
    |vgl|vergleiche|sog|sogenannt|nämlich|bzw|auch|auch genannt|u a|ua|kurz|ehemals|pex|par exemple|exemple|cad
    |càd|c à d|c-à-d|c'est-à-dire|c’est-à-dire|soit|voir|voir aussi|autrement dit|aussi appelé|dit|notamment
    |à savoir|abrégé|pej|por ejemplo|ejemplo|ej|es decir|o sea|véase|vease|véase también|también conocido como
    |a saber|abreviado|por exemplo|exemplo|isto é|ou seja|veja|ver também|também conhecido como|ad esempio|ad es
    |per esempio|esempio|cioè|ossia|ovvero|vedi|vedi anche|detto|bijv|bijvoorbeeld|voorbeeld|dwz|dat wil zeggen
    |oftewel|zie|zie ook|ook wel|ook bekend als|bv|tex|till exempel|exempel|dvs|det vill säga|även kallad|feks
    |f eks|for eksempel|eksempel|det vil si|det vil sige|se også|esim|esimerkiksi|katso|toisin sanoen|ks
    |na przykład|przykład|przykłady|tzn|to znaczy|czyli|zob|zobacz|tj|inaczej|tzw|np|např|například|příklad|tzv
    |neboli|napr|napríklad|príklad|például|példa|azaz|vagyis|lásd|de exemplu|exemplu|adică|vezi|na primer|npr
    |odnosno|vidi|например|напр|пример|те|то есть|см|см также|также|т е|т н|так называемый|или|наприклад|приклад
    |тобто|див|дивись|също|виж|тоест|πχ|π χ|για παράδειγμα|παράδειγμα|δηλαδή|δηλ|βλ|βλέπε|ήτοι|örn|örneğin|örnek
    |yani|bkz|bakınız|diğer adıyla|misalnya|contoh|contohnya|yaitu|yakni|lihat|juga dikenal sebagai|ví dụ|vd
    |tức là|xem|còn gọi là|nghĩa là|เช่น|ตัวอย่าง|ตัวอย่างเช่น|คือ|ดู|ดูเพิ่มเติม|หรือ|مثال|مثلا|مثلاً
    |على سبيل المثال|أي|اي|انظر|راجع|یعنی|برای مثال|به عنوان مثال|مثل|نگاه کنید|למשל|לדוגמה|דוגמה|כלומר|ראו|ראה
    |דהיינו|או|उदाहरण|उदाहरण के लिए|जैसे|यानी|अर्थात|देखें|যেমন|উদাহরণ|অর্থাৎ|例|例え|例えば|たとえば|例示|つまり
    |すなわち|即ち|参照|参考|出典|別名|通称|略称|略して|略|注|注釈|※|または|もしくは|旧称|以下|詳細|예|예시
    |예를 들어|예를 들면|예컨대|예로|즉|곧|참고|참조|주|주의|일명|별칭|별명|약칭|이하|또는|혹은|보기|출처
    |다시 말해|관련|例如|比如|譬如|例子|举例|舉例|如|即|也就是|也就是说|也就是說|见|見|参见|參見|參考|又称|又稱
    |notation|notasi|notación|notação|notazione|notatie|обозначение|обозн|по сути|symbol|símbolo|simbol|记作|记为|記号
    |english|in english|engl|eng|englisch|auf englisch|anglais|en anglais|angl|inglés|en inglés|inglês|em inglês
    |inglese|in inglese|engels|engelska|engelsk|englanniksi|angielski|po angielsku|ang|anglicky|angolul|engleză
    |английский|по-английски|англ|англійською|αγγλικά|ingilizce|i̇ngilizce|inggris|bahasa inggris|tiếng anh|ภาษาอังกฤษ
    |بالإنجليزية|انگلیسی|אנגלית|अंग्रेज़ी|英語|英语|英語名|영어|영문|latein|lateinisch|latin|latín|latino|лат|греч|нем|фр
    |也称|也稱|也叫|又叫|又名|简称|簡稱|俗称|或|或者|详见|詳見|另见|比方|比方说|诸如|以及|下同|下称|以下简称
""".replace("\n    ", "").strip().split("|"))  # fmt: skip
"""Without dots and in lower case."""
_SHORT = frozenset({"pl", "es", "se", "eli", "mis", "ver", "por", "o", "s", "bv", "ld", "sk", "ex", "vd"})
"""Those that are also names or codes: not terms if typed in lower case."""
_DOTS = re.compile(r"[.,:;：，、]+")
_LONGEST = 4
"""Words of a phrase."""
_EXAMPLE = re.compile(
    r"(?:e\.? ?g\.?|z\. ?b\.|p\. ?ex\.|p\. ?ej\.|t\. ?ex\.|np\.|např\.|bijv\.|f\. ?eks\.|esim\.|örn\.|т\. ?е\."
    r"|напр\.|π\.χ\.|see|see also|cf\.?|vgl\.|siehe|voir|véase|vedi|zie|zob\.|viz\.|см\.|bkz\.?|for example"
    r"|for instance|such as|zum beispiel|par exemple|por ejemplo|por exemplo|ad esempio|per esempio"
    r"|bijvoorbeeld|till exempel|for eksempel|например)[ ,]\s*\S"
)
"""In lower case."""
_SEPARATORS = ".,:;：，、" + "".join(c for c in map(chr, range(0x3001)) if c.isspace())
_BEGINNINGS = frozenset(
    beginning for word in _WORDS | _SHORT for beginning in (word[:3], *(word[:2] + c for c in _SEPARATORS))
)
"""The first three characters of all of these, where no separator is the second."""
_ORDINAL_WORDS = (
    "step|option|part|phase|stage|case|example|exercise|question|answer|figure|fig|table|chapter|section"
    "|scenario|method|approach|day|week|lesson|task|appendix|rule|item|choice|point|round|problem|solution"
    "|variant|attempt|no|number|tip|version|release|level|unit|module|lab|note|reason|principle|mistake|myth|goal|test|act"
    "|scene|episode|season|volume|year|month|sprint|milestone|iteration|theorem|lemma|proposition|corollary|assumption"
    "|hypothesis|exhibit|slide|page|row|column|line|group|session|quiz|challenge|schritt|teil|fall|beispiel|frage|kapitel|abschnitt|abbildung|tabelle|tag"
    "|woche|aufgabe|möglichkeit|variante|regel|étape|partie|cas|exemple|chapitre|tableau|jour|semaine|règle|paso"
    "|opción|parte|caso|ejemplo|capítulo|día|semana|regla|passo|passaggio|opzione|opção|exemplo|esempio|capitolo"
    "|giorno|settimana|dia|stap|optie|deel|geval|voorbeeld|hoofdstuk|steg|del|exempel|trin|trinn|eksempel|vaihe"
    "|osa|krok|opcja|część|etap|przykład|rozdział|možnost|část|příklad|lépés|rész|pasul|pas|шаг|вариант|часть"
    "|этап|пример|глава|крок|варіант|частина|стъпка|βήμα|επιλογή|adım|adim|seçenek|bölüm|langkah|opsi|bagian|contoh"
    "|bước|phần|ví dụ|ขั้นตอน|ขั้นตอนที่|خطوة|الخطوة|שלב|चरण"
)
_CLOSE_WORDS = (
    "步骤|步驟|步|方案|选项|選項|方法|阶段|階段|案例|例|问题|問題|图|圖|表|情况|情況"
    "|ステップ|手順|例題|ケース|パターン|단계|방법|옵션|예|예제|그림|표"
)
"""Those of languages without spaces between words."""
_NUMBER = r"\d{1,3}(?:[.-]\d{1,3}){0,3}[a-z]?"
_WORDS_OF_NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_ORDINAL = pattern(
    rf"(?:{_ORDINAL_WORDS})(?:[.\s#№]*[(（]?{_NUMBER}[)）.]?|[.\s]+[(（]?(?:[a-z]|[ivx]{{1,4}}|{_WORDS_OF_NUMBERS})[)）.]?)"
    rf"|(?:{_CLOSE_WORDS})\s*(?:{_NUMBER}|[a-z]|[一二三四五六七八九十]{{1,3}})"
    r"|[#№(（]?\d{1,3}[.)）]?|[(（]?[a-z][)）]|[(（][a-z]{1,3}\d{1,3}[a-z'′*]?[)）]"
    r"|第\s*[\d一二三四五六七八九十]{1,3}\s*[步章节節部段阶階天周步种種条條点點个個回話]|\d{1,3}\s*(?:단계|번째|번|番|つ目)"
    r"|\d{1,3}(?:st|nd|rd|th|er|re|ème|º|ª)|q\.?\s?\d{1,3}|first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth|fifth|finally"
    r"|\d{1,3}(?:st|nd|rd|th|er|re|e|\.|º|ª)? (?:step|option|part|phase|stage|étape|schritt|paso|passo|шаг)"
)
"""In lower case."""
_FIRST = frozenset(word[0] for word in {*_WORDS, *_SHORT, *_CLOSE_WORDS.split("|"), "第"})


def is_aside(text: str) -> bool:
    """Whether a phrase only opens an example, a reference or another name, or is an example: `e.g.`, `see Nvidia`."""
    folded = _folded(text)
    if not folded:
        return False
    if (" " in folded or "," in folded) and _EXAMPLE.match(folded):
        return True
    plain = " ".join(_DOTS.sub(" ", _composed(text)).split())
    if plain.count(" ") > _LONGEST:
        return False
    close = plain.replace(" ", "")
    if len(close) <= 4 and close.isascii() and close.isupper() and close != "AKA":
        return False  # EG, IE, CF are abbreviations
    if close in _SHORT:
        return True
    return plain.casefold() in _WORDS or close.casefold() in _WORDS


def opens_aside(text: str) -> bool:
    """Whether a phrase is one of these, or begins with one that never begins a name: `d. h. Nvidia`."""
    if not _folded(text):
        return False
    words = text.split()[: _LONGEST + 1]
    leads = (" ".join(words[:count]) for count in range(1, len(words)))
    return is_aside(text) or any((" " in lead or lead[-1] in ".,") and is_aside(lead) for lead in leads)


def _folded(text: str) -> str:
    """A phrase without case if it may begin with one of the words; "" for most names, which begin otherwise."""
    if _begins_otherwise(text):
        return ""
    typed = text.strip()
    folded = (typed if typed.isascii() else unicodedata.normalize("NFC", typed)).casefold()
    if folded[:3] in _BEGINNINGS or folded[1:2] in _SEPARATORS or folded[:1] in _SEPARATORS:
        return folded
    return ""


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip())


def is_ordinal(text: str) -> bool:
    """Whether a phrase only counts: `Step 1`, `Option B`, `第一步`."""
    return not _begins_otherwise(text) and bool(_ORDINAL.fullmatch(text.strip().casefold()))


def _begins_otherwise(text: str) -> bool:
    """Whether a phrase begins with a Chinese character that begins none of the words."""
    return "\u4e00" <= text[:1] <= "\u9fff" and text[0] not in _FIRST
