"""One character per line in; all its readings without tones (ü as v), comma-separated, out, by pypinyin."""

import sys

from pypinyin import Style, pinyin

for line in sys.stdin:
    char = line.rstrip("\n")
    found = pinyin(char, heteronym=True, style=Style.NORMAL, errors="ignore", v_to_u=False)
    print(",".join(sorted({reading.replace("ü", "v").replace("ê", "e") for readings in found for reading in readings})))
