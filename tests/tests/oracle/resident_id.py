"""One number per line in; its check character and its birth date (or -) out, by python-stdnum."""

import sys

from stdnum.cn import ric

for line in sys.stdin:
    number = line.strip()
    try:
        born = ric.get_birth_date(number).isoformat()
    except Exception:  # noqa: BLE001 - whatever it raises, it has no date
        born = "-"
    print(ric.calc_check_digit(number), born)
