-- Foreign keys of these tables get readable names, as all others have: <table>_<column>_fk. May be repeated.
DO $$
DECLARE key record;
BEGIN
    FOR key IN
        SELECT k.conname, k.conrelid::regclass AS of_table, k.conrelid::regclass || '_' || replace(c.attname, '_id', '') || '_fk' AS readable
          FROM pg_constraint k
          JOIN pg_attribute c ON c.attrelid = k.conrelid AND c.attnum = k.conkey[1]
         WHERE k.contype = 'f' AND k.conname LIKE '%\_fk\_%'
           AND k.conrelid IN ('data_export'::regclass, 'subscriber_pay_day'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', key.of_table, key.conname, key.readable);
    END LOOP;
END $$;
