"""One name per line in; its syllables as pypinyin reads them, separated by blanks, out."""

import sys

from pypinyin import lazy_pinyin

for line in sys.stdin:
    print(" ".join(lazy_pinyin(line.rstrip("\n"), v_to_u=False)))
