-- The tables of schema.sql as sixteen hash partitions each, on one PostgreSQL: the same key, the same statements, smaller
-- indexes, and a rehearsal of what citus.sql does over several machines. Run after schema.sql, while they are empty.
DO $$
DECLARE
  one text;
BEGIN
  FOREACH one IN ARRAY ARRAY['state', 'run', 'receipt', 'block', 'living', 'paper'] LOOP
    EXECUTE format('ALTER TABLE lianhu.%I RENAME TO %I', one, one || '_whole');
    EXECUTE format('CREATE TABLE lianhu.%I (LIKE lianhu.%I INCLUDING ALL) PARTITION BY HASH (village)', one, one || '_whole');
    FOR nth IN 0..15 LOOP
      EXECUTE format(
        'CREATE TABLE lianhu.%I PARTITION OF lianhu.%I FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
        one || '_' || nth, one, nth);
    END LOOP;
    EXECUTE format('DROP TABLE lianhu.%I', one || '_whole');
  END LOOP;
END $$;
