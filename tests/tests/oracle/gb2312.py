"""One GB 2312 code in hexadecimal per line in; its character, or - where none is assigned, out."""

import sys

for line in sys.stdin:
    try:
        print(bytes.fromhex(line.strip()).decode("gb2312"))
    except UnicodeDecodeError:
        print("-")
