#!/usr/bin/env python3
"""Packs the OpenCorpora dictionary of Russian into lexicon/opencorpora.bin.gz.

Run from the root of the repository (about five minutes, 1 GB of memory):

    pip install --target target/lexicon-py pymorphy3-dicts-ru==2.4.417150.4580142 dawg2-python==0.9.0 pymorphy3==2.0.6
    PYTHONPATH=target/lexicon-py python3 lexicon/build.py

It writes two tables of text under target/lexicon/, lets `cargo run --release --example pack_lexicon` make the
binary file of them (`src/lexicon/dict.rs` tells its layout), and compresses that. Same input, same bytes.

What is done to the dictionary:
* forms are lower case, ё is written е;
* forms marked Erro, Dist or Arch are left out; so are forms of a verb that only the form itself is marked Infr
  (so «класть» does not bring «ложит»), but for imperatives on the verb's own stem («очистьте»);
* so are abbreviations counted as forms of the word itself (so «век» does not bring «в»);
* of each tag only what `tag_bits` keeps stays;
* the readings of a form come likeliest first, by the P(tag | word) of the package, then in the package's order.
"""

import array
import gzip
import json
import pathlib
import struct
import subprocess
import sys

import pymorphy3_dicts_ru
from pymorphy3.dawg import ConditionalProbDistDAWG, WordsDawg

VERSION = "2.4.417150.4580142"
PREFIXES = ["", "по", "наи"]
ROOT = pathlib.Path(__file__).resolve().parent.parent

# Each field of a packed tag: how far it is shifted and the values, 1 for the first. 0 is "not said".
# `src/lexicon/dict.rs` reads the same numbers.
FIELDS = [
    (0, ["NOUN", "ADJF", "ADJS", "COMP", "VERB", "INFN", "PRTF", "PRTS", "GRND", "NUMR", "ADVB", "NPRO", "PRED",
         "PREP", "CONJ", "PRCL", "INTJ", "LATN", "PNCT", "NUMB", "ROMN", "UNKN"]),  # 5 bits
    (5, ["nomn", "gent", "datv", "accs", "ablt", "loct", "voct"]),  # 3 bits
    (8, ["masc", "femn", "neut", "ms-f"]),  # 3 bits
    (11, ["sing", "plur"]),  # 2 bits
    (13, ["1per", "2per", "3per"]),  # 2 bits
    (15, ["past", "pres", "futr"]),  # 2 bits
    (17, ["indc", "impr"]),  # 2 bits
    (19, ["perf", "impf"]),  # 2 bits
    (21, ["actv", "pssv"]),  # 2 bits
    (23, ["Name", "Patr", "Surn", "Init"]),  # 3 bits
    (26, ["Geox", "Orgn"]),  # 2 bits; Trad is kept as Orgn
    (28, ["anim", "inan"]),  # 2 bits
    (30, ["Anum", "Abbr", "Supr"]),  # 2 bits
]
SAME = {"gen1": "gent", "gen2": "gent", "acc2": "accs", "loc1": "loct", "loc2": "loct", "Ms-f": "ms-f", "GNdr": "ms-f",
        "Trad": "Orgn"}
VERBAL = {"VERB", "INFN", "PRTF", "PRTS", "GRND"}


def fold(text):
    return text.lower().replace("ё", "е")


def tag_bits(grammemes):
    kept = {SAME.get(g, g) for g in grammemes}
    bits = 0
    for shift, values in FIELDS:
        for n, value in enumerate(values, 1):
            if value in kept:
                bits |= n << shift
                break
    return bits


def is_kept(grammemes, lemma_grammemes, suffix, lemma_suffix):
    if {"Erro", "Dist", "Arch"} & grammemes:
        return False
    if "Abbr" in grammemes and "Abbr" not in lemma_grammemes:
        return False
    if grammemes & VERBAL and "Infr" in grammemes and "Infr" not in lemma_grammemes:
        return "impr" in grammemes and suffix[:1] == lemma_suffix[:1]
    return True


def read_paradigms(path):
    with open(path, "rb") as file:
        (count,) = struct.unpack("<H", file.read(2))
        for _ in range(count):
            (length,) = struct.unpack("<H", file.read(2))
            numbers = array.array("H")
            numbers.frombytes(file.read(2 * length))
            third = length // 3
            yield list(zip(numbers[2 * third:], numbers[:third], numbers[third:2 * third]))


def main():
    data = pathlib.Path(pymorphy3_dicts_ru.get_path())
    meta = dict(json.loads((data / "meta.json").read_text(encoding="utf-8")))
    found = f"{meta['format_version']}.{meta['source_revision']}.{meta['corpus_revision']}"
    if found != VERSION:
        sys.exit(f"this script is for pymorphy3-dicts-ru {VERSION}, not {found}")
    suffixes = json.loads((data / "suffixes.json").read_text(encoding="utf-8"))
    tags = json.loads((data / "gramtab-opencorpora-int.json").read_text(encoding="utf-8"))
    grammemes = [frozenset(tag.replace(" ", ",").split(",")) for tag in tags]
    work = ROOT / "target" / "lexicon"
    work.mkdir(parents=True, exist_ok=True)

    # paradigms.tsv: paradigm, index, prefix, suffix, packed tag; the first row of a paradigm is its dictionary form.
    kept = []
    paradigms = list(read_paradigms(data / "paradigms.array"))
    with open(work / "paradigms.tsv", "w", encoding="utf-8") as file:
        for number, forms in enumerate(paradigms):
            lemma_suffix, lemma_grammemes = suffixes[forms[0][1]], grammemes[forms[0][2]]
            keeps = []
            for index, (prefix, suffix, tag) in enumerate(forms):
                keep = is_kept(grammemes[tag], lemma_grammemes, suffixes[suffix], lemma_suffix)
                keeps.append(keep)
                if keep:
                    file.write(f"{number}\t{index}\t{PREFIXES[prefix]}\t{fold(suffixes[suffix])}\t{tag_bits(grammemes[tag])}\n")
            kept.append(keeps)

    # forms.tsv: form, paradigm, index, probability in millionths; in the package's order.
    words = WordsDawg()
    words.load(str(data / "words.dawg"))
    odds = ConditionalProbDistDAWG()
    odds.load(str(data / "p_t_given_w.intdawg"))
    last, known = None, False
    with open(work / "forms.tsv", "w", encoding="utf-8") as file:
        for word, (paradigm, index) in words.iteritems():
            if not kept[paradigm][index]:
                continue
            if word != last:
                last, known = word, bool(odds.dct.follow_bytes((word + ":").encode("utf-8"), 0))
            odd = max(odds.get(f"{word}:{tags[paradigms[paradigm][index][2]]}", 0), 0) if known else 0
            file.write(f"{fold(word)}\t{paradigm}\t{index}\t{odd}\n")

    if "--tables-only" in sys.argv:
        return
    raw = work / "opencorpora.bin"
    subprocess.run(["cargo", "run", "--release", "--quiet", "--example", "pack_lexicon", "--",
                    str(work / "paradigms.tsv"), str(work / "forms.tsv"), str(raw)], check=True, cwd=ROOT)
    with open(ROOT / "lexicon" / "opencorpora.bin.gz", "wb") as target:
        with gzip.GzipFile("", "wb", compresslevel=9, fileobj=target, mtime=0) as file:
            file.write(raw.read_bytes())


if __name__ == "__main__":
    main()
