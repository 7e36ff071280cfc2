-- The township's tables on PostgreSQL (13 or newer) and what speaks its language. Every table begins with the village:
-- it is the key by which rows are found, walled off (walls.sql), spread over machines (citus.sql) or over partitions
-- (partitions.sql). The village of all zeros is the township itself. What the columns mean is said in store.rs.
--
-- Prepared once by the owner:  psql -f schema.sql [-f partitions.sql | -f citus.sql] -f walls.sql
-- The program makes them itself when it is begun with a role that may.
CREATE SCHEMA IF NOT EXISTS lianhu;

CREATE TABLE IF NOT EXISTS lianhu.state (
  village uuid NOT NULL,
  newest bigint NOT NULL,
  sum bytea NOT NULL,
  living bigint NOT NULL,
  parked bigint NOT NULL,
  judged bytea,
  PRIMARY KEY (village)
);

CREATE TABLE IF NOT EXISTS lianhu.head (
  village uuid NOT NULL,
  device uuid NOT NULL,
  incarnation bigint NOT NULL,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (village, device, incarnation)
);

CREATE TABLE IF NOT EXISTS lianhu.batch (
  village uuid NOT NULL,
  device uuid NOT NULL,
  incarnation bigint NOT NULL,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  stamp bigint NOT NULL,
  received bigint,
  barred text,
  signature bytea NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (village, device, incarnation, seq)
);
CREATE INDEX IF NOT EXISTS batch_barred ON lianhu.batch (village) WHERE barred IS NOT NULL;

CREATE TABLE IF NOT EXISTS lianhu.receipt (
  village uuid NOT NULL,
  no bigint NOT NULL,
  device uuid NOT NULL,
  incarnation bigint NOT NULL,
  first bigint NOT NULL,
  last bigint NOT NULL,
  paper bytea NOT NULL,
  PRIMARY KEY (village, no)
);
CREATE INDEX IF NOT EXISTS receipt_run ON lianhu.receipt (village, device, incarnation, last);

CREATE TABLE IF NOT EXISTS lianhu.block (
  village uuid NOT NULL,
  device uuid NOT NULL,
  incarnation bigint NOT NULL,
  nth bigint NOT NULL,
  sum bytea NOT NULL,
  PRIMARY KEY (village, device, incarnation, nth)
);

CREATE TABLE IF NOT EXISTS lianhu.record (
  village uuid NOT NULL,
  key bigint NOT NULL,
  PRIMARY KEY (village, key)
);

CREATE TABLE IF NOT EXISTS lianhu.paper (
  village uuid NOT NULL,
  kind text NOT NULL,
  name bytea NOT NULL,
  paper bytea NOT NULL,
  PRIMARY KEY (village, kind, name)
);
