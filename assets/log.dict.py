#!/usr/bin/env python3
"""Makes log.dict, the dictionary that the change log's bodies are compressed against.

The dictionary is part of the file format: it was made once, from the fields of format 1, and is not made again for
newer fields (they compress a little worse, and every ledger stays readable). It is a stretch of plain CBOR, as batch
bodies look, the most usual batch last, because what is near is cheapest to point at. Python's standard library only.
"""
import struct, sys, pathlib

def head(major, n):
    if n < 24: return bytes([major << 5 | n])
    if n < 256: return bytes([major << 5 | 24, n])
    return bytes([major << 5 | 25]) + struct.pack(">H", n)

def cbor(v):
    if v is None: return b"\xf6"
    if v is True: return b"\xf5"
    if v is False: return b"\xf4"
    if isinstance(v, int): return head(0, v)
    if isinstance(v, str): b = v.encode(); return head(3, len(b)) + b
    if isinstance(v, bytes): return head(2, len(v)) + v
    if isinstance(v, dict): return head(5, len(v)) + b"".join(cbor(k) + cbor(x) for k, x in sorted(v.items()))
    if isinstance(v, Id): return b"\xd8\x25" + cbor(v.b)
    return head(4, len(v)) + b"".join(map(cbor, v))

class Id:
    b = bytes.fromhex("01a199c5328070008000000000000000")

ID = Id()

def change(kind, **fields):
    return [kind, ID.b, [[k.rstrip("_"), v] for k, v in fields.items()]]

BATCHES = [
    ["close", "", [change("report", month="2026-10", closed_on="2026-11-05", closed_by="", template=1, check_code="")]],
    ["put", "", [change("month_plan", month="2026-11", items=[""]), change("not_held", month="2026-10", duty="mass", reason="")]],
    ["put", "", [change("star_cycle", name="2026年度", year=2026, stage="公示")]],
    ["put", "", [change("correction", month="2026-10", on="2026-11-05", carried_by="2026-11", of_kind="visit", of="", reason="")]],
    ["import", "", [
        change("group", name="一组", number=1, leader=ID),
        change("household", group=ID, number=1, head=ID, address="", phone="100", vacant=True),
        change("household_class", household=ID, class_="ordinary"),
        change("household_class", household=ID, class_="lifted"),
        change("party_member", person=ID, class_="01", joined_on="2014-12-01", full_on="2015-12-01", cell="第四党小组", floating=False),
        change("rating", cycle=ID, household=ID, wealth={"granted": True}, law={"granted": True}, virtue={"granted": True},
               clean={"granted": False}, honest={"granted": True}, stars=4),
        change("pairing", bond="aid", household=ID, helper=ID, role="helper", from_="2025-03"),
        change("pairing", bond="link", household=ID, helper=ID, role="member"),
        change("person", name="", household=ID, relation="01", sex="1", ethnic="01", id_number="990101198", born="1980-",
               education="70", political="13", health="1", phone="100", away=False, as_typed={"phone": "100"}),
        change("person", name="", unit="松河镇人民政府", post="helper", phone="100"),
    ]],
    ["void", "", [change("visit", gone={"reason": "重复登记"})]],
    ["undo", "", [change("visit", gone={"reason": "撤销 "})]],
    ["put", "", [change("person", phone="100", away=True, away_since="2026-03", away_where="广东")]],
    ["put", "", [change("attendance", meeting=ID, household=ID, people=1)]],
    ["put", "", [change("meeting", meeting_kind="mass", on="2026-10-18", place="村委会院坝", host="村党支部书记", expected=826,
                        present=142, opinions=5, topic="", typed_on="2026-10-18")]],
    ["put", "", [change("round", meeting=ID, pair=1, who="驻村干部", said="述帮扶措施", what="帮扶成效",
                        tally={"best": 76, "good": 34, "fair": 6, "poor": 2, "issued": 118})]],
    ["put", "", [change("matter", text="", on="2026-10-", raised_at="meeting", meeting=ID, household=ID, owner="村委会",
                        due="2026-11-", answer="", answered_on="2026-11-", closed_on="2026-11-")]],
    ["put", "", [change("matter", text="", on="2026-10-", raised_at="visit", household=ID, visit=ID)]],
    ["put", "", [change("visit", household=ID, visitor=ID, on="2026-10-", shared_meal=True, self_paid=True, did_chore=True,
                        opportunity_given=True, opportunity="外出务工对接", typed_on="2026-10-", note="")]],
]

out = pathlib.Path(__file__).with_name("log.dict")
out.write_bytes(b"".join(map(cbor, BATCHES)))
print(out, out.stat().st_size, "bytes", file=sys.stderr)
