-- A second wall between villages: the program signs in as a role that owns nothing, and sees the rows of the one village
-- that its transaction has named (SET LOCAL app.village). A statement that forgot its village finds nothing.
-- Run after schema.sql (and partitions.sql or citus.sql), by the owner.
DO $$
DECLARE
  one text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lianhu_server') THEN
    CREATE ROLE lianhu_server LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
  END IF;
  GRANT USAGE ON SCHEMA lianhu TO lianhu_server;
  FOREACH one IN ARRAY ARRAY['state', 'run', 'receipt', 'block', 'living', 'paper'] LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON lianhu.%I TO lianhu_server', one);
    EXECUTE format('ALTER TABLE lianhu.%I ENABLE ROW LEVEL SECURITY', one);
    EXECUTE format('ALTER TABLE lianhu.%I FORCE ROW LEVEL SECURITY', one);
    EXECUTE format('DROP POLICY IF EXISTS wall ON lianhu.%I', one);
    EXECUTE format(
      -- Asked of each row that is looked at: few, since what is much lies together in one. In a SELECT of its own it would
      -- be asked once a statement, and to set that up costs more than it saves (a tenth of the server's work, measured).
      'CREATE POLICY wall ON lianhu.%I USING '
      '(village = nullif(current_setting(''app.village'', true), '''')::uuid)',
      one);
  END LOOP;
END $$;
