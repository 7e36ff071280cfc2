"""One name per line in; its full spelling and its initials as pypinyin reads it, out."""

import sys

from pypinyin import Style, lazy_pinyin

for line in sys.stdin:
    name = line.rstrip("\n")
    print("".join(lazy_pinyin(name)), "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)))
