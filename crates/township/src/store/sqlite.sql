-- One file a village, one more for the township's own. What the columns mean is said in store.rs.
CREATE TABLE state (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  newest INTEGER NOT NULL,
  sum BLOB NOT NULL,
  living INTEGER NOT NULL,
  parked INTEGER NOT NULL,
  judged BLOB
) STRICT;
INSERT INTO state VALUES (1, 0, zeroblob(16), 0, 0, NULL);

CREATE TABLE head (
  device BLOB NOT NULL,
  incarnation INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (device, incarnation)
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
  device BLOB NOT NULL,
  incarnation INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  stamp INTEGER NOT NULL,
  received INTEGER,
  barred TEXT,
  signature BLOB NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (device, incarnation, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_barred ON batch (device, incarnation, seq) WHERE barred IS NOT NULL;

CREATE TABLE receipt (
  no INTEGER PRIMARY KEY,
  device BLOB NOT NULL,
  incarnation INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  paper BLOB NOT NULL
) STRICT;
CREATE INDEX receipt_run ON receipt (device, incarnation, last);

CREATE TABLE block (
  device BLOB NOT NULL,
  incarnation INTEGER NOT NULL,
  nth INTEGER NOT NULL,
  sum BLOB NOT NULL,
  PRIMARY KEY (device, incarnation, nth)
) STRICT, WITHOUT ROWID;

CREATE TABLE record (key INTEGER PRIMARY KEY) STRICT;

CREATE TABLE paper (
  kind TEXT NOT NULL,
  name BLOB NOT NULL,
  paper BLOB NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
