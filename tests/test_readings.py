"""The table of readings says what pypinyin says, from which it was made."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg.resolution.readings
from kg.resolution.readings import readings, sound

TABLE = Path(kg.resolution.readings.__file__).with_name("readings.txt")
HEAD = (
    "# Character by character: readings in Hanyu Pinyin without tones, the most frequent one first;"
    " tests/test_readings.py writes it.\n"
)


def in_pypinyin() -> dict[str, tuple[str, ...]]:
    from pypinyin import Style, pinyin
    from pypinyin.pinyin_dict import pinyin_dict

    found = {}
    for number in pinyin_dict:
        said = pinyin(chr(number), style=Style.NORMAL, heteronym=True, errors="ignore")
        if said:
            found[chr(number)] = tuple(dict.fromkeys(reading.replace("v", "u") for reading in said[0]))
    return found


@pytest.mark.slow
def test_the_table_is_that_of_pypinyin(update_golden: bool) -> None:
    """All but a few: another version of pypinyin may know better."""
    theirs = in_pypinyin()
    if update_golden:
        together: dict[tuple[str, ...], list[str]] = {}
        for character, known in sorted(theirs.items()):
            together.setdefault(known, []).append(character)
        lines = [f"{' '.join(known)}\t{''.join(characters)}\n" for known, characters in sorted(together.items())]
        TABLE.write_text(HEAD + "".join(lines), "utf-8")
    other = [character for character, known in theirs.items() if readings(character) != known]
    assert len(other) < len(theirs) / 1000, other


def test_text_by_its_sound() -> None:
    assert sound("马斯克·X") == "masike·X"
    assert sound("かな, abc 1") == "かな, abc 1"
    assert readings("乐")[0] == "le"
    assert "yue" in readings("乐")
    assert readings("é") == ()
