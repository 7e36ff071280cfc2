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
  -- The end of every chain (store/postgres/ends.rs).
  ends bytea NOT NULL,
  PRIMARY KEY (village)
);

-- Batches of one chain that follow on each other (store/postgres/run.rs). They are packed already.
CREATE TABLE IF NOT EXISTS lianhu.run (
  village uuid NOT NULL,
  device uuid NOT NULL,
  incarnation bigint NOT NULL,
  first bigint NOT NULL,
  last bigint NOT NULL,
  barred boolean NOT NULL,
  marks bytea NOT NULL,
  batches bytea NOT NULL,
  PRIMARY KEY (village, device, incarnation, last)
);
ALTER TABLE lianhu.run ALTER COLUMN marks SET STORAGE EXTERNAL, ALTER COLUMN batches SET STORAGE EXTERNAL;
CREATE INDEX IF NOT EXISTS run_barred ON lianhu.run (village) WHERE barred;

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

-- Records that live, those of about the same hour in one row (store/postgres/living.rs).
CREATE TABLE IF NOT EXISTS lianhu.living (
  village uuid NOT NULL,
  hour bigint NOT NULL,
  keys bytea NOT NULL,
  PRIMARY KEY (village, hour)
);
ALTER TABLE lianhu.living ALTER COLUMN keys SET STORAGE EXTERNAL;

CREATE TABLE IF NOT EXISTS lianhu.paper (
  village uuid NOT NULL,
  kind text NOT NULL,
  name bytea NOT NULL,
  paper bytea NOT NULL,
  PRIMARY KEY (village, kind, name)
);
