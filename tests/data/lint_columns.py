"""Where words stand in the templates of lint_formats/, counted without etalon.

    python3 tests/data/lint_columns.py

writes lint_columns.json beside itself: file, word, line, columns in characters and in bytes of UTF-8, all from 1, ends exclusive.
"""

import json
import pathlib
import re

HERE = pathlib.Path(__file__).parent
# Forbidden words that stand in these templates, in any letter case.
WORDS = re.compile("деньги|ихний|списывание", re.IGNORECASE)
FOLDER = HERE / "lint_formats"

rows = []
for path in sorted(FOLDER.rglob("*")):
    if not path.is_file() or path.name == "picture.txt":
        continue
    data = path.read_bytes()
    text = data.decode("cp1251" if path.name == "win1251.txt" else "utf-8")
    for number, line in enumerate(re.split("\r\n|\n", text), 1):
        for found in WORDS.finditer(line):
            before, through = line[: found.start()], line[: found.end()]
            rows.append({
                "file": path.relative_to(FOLDER).as_posix(),
                "text": found.group(),
                "line": number,
                "chars": [len(before) + 1, len(through) + 1],
                "utf8": [len(before.encode()) + 1, len(through.encode()) + 1],
            })

rows.sort(key=lambda row: (row["file"], row["line"], row["chars"]))
lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
(HERE / "lint_columns.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
