-- Promises that hold whoever writes. Triggers work on whole statements, so that bulk loads stay fast.

-- Every contract has its contract_access row, on which every action takes its lock. The first answer is lenient
-- and due at once.
CREATE FUNCTION contract_gets_access_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contract_access (contract_id, access, status, why, access_then, decided_with, next_look_at, changed_at)
    SELECT id, 'full', 'current', 'nothing_late', 'full', '', now(), now() FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER contract_gets_access_row AFTER INSERT ON contract
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION contract_gets_access_row();

-- No line takes more principal than it asks for, or gives back more than it took. Line by line through the indexes: a
-- join would be planned for a guess of how many lines came along, and 100,000 of them would be compared each with each.
CREATE FUNCTION allocation_stays_within_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
    SELECT t.line_id INTO wrong FROM (SELECT DISTINCT line_id FROM added WHERE line_id IS NOT NULL) t
     CROSS JOIN LATERAL (SELECT sum(a.amount) AS put FROM allocation a WHERE a.line_id = t.line_id) s
     WHERE s.put NOT BETWEEN 0 AND (SELECT l.amount FROM invoice_line l WHERE l.id = t.line_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'line % is settled beyond its amount', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_within_line', TABLE = 'allocation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER allocation_stays_within_line AFTER INSERT ON allocation
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION allocation_stays_within_line();

-- An adjustment below what is settled is refused: what is too much goes back to credit first.
CREATE FUNCTION invoice_line_stays_above_settled() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
    SELECT id INTO wrong FROM changed l
     WHERE (SELECT sum(a.amount) FROM allocation a WHERE a.line_id = l.id) > l.amount LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'line % would be less than is settled of it', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_within_line', TABLE = 'invoice_line';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER invoice_line_stays_above_settled AFTER UPDATE ON invoice_line
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION invoice_line_stays_above_settled();

-- What a payment settled and what of it is kept as credit never exceed what was paid; a reversed one has no use.
CREATE FUNCTION payments_beyond_their_amount(ids bigint[]) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT p.id FROM payment p
      LEFT JOIN LATERAL (SELECT sum(CASE part WHEN 'discount' THEN -amount ELSE amount END) AS put
                           FROM allocation WHERE payment_id = p.id) a ON true
      LEFT JOIN LATERAL (SELECT sum(amount) AS kept FROM credit_entry WHERE payment_id = p.id) c ON true
     WHERE p.id = ANY (ids)
       AND (coalesce(kept, 0) < 0
            OR coalesce(put, 0) + coalesce(kept, 0)
               > CASE WHEN EXISTS (SELECT FROM payment_reversal r WHERE r.payment_id = p.id) THEN 0 ELSE p.amount END)
     LIMIT 1
$$;
CREATE FUNCTION payment_is_spent_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
    wrong := payments_beyond_their_amount((SELECT array_agg(DISTINCT payment_id) FROM added));
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'payment % is used beyond its amount', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_spent_once', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER allocation_spends_once AFTER INSERT ON allocation
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payment_is_spent_once();
CREATE TRIGGER credit_entry_spends_once AFTER INSERT ON credit_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payment_is_spent_once();
CREATE TRIGGER payment_reversal_frees_first AFTER INSERT ON payment_reversal
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payment_is_spent_once();

-- Statistics of every table that has doubled since they were last taken. For an import, which asks for what it wrote in
-- the same transaction: autovacuum counts only what is committed, and only an owner may ANALYZE. A table that somebody
-- else is counting is left aside.
CREATE FUNCTION take_statistics() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE grown text;
BEGIN
    SELECT string_agg(oid::regclass::text, ', ') INTO grown FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_has_role(relowner, 'USAGE')
       AND pg_relation_size(oid) > 2 * current_setting('block_size')::bigint * relpages;
    IF grown IS NOT NULL THEN
        EXECUTE 'ANALYZE (SKIP_LOCKED) ' || grown;
    END IF;
END $$;
REVOKE ALL ON FUNCTION take_statistics() FROM PUBLIC;

-- One partition per month of stop, made ahead by the housekeeping job; what finds none goes to the default one.
-- A Stop that comes before the month's partition is made lies in the default one, and PostgreSQL then refuses to make
-- that partition: its rows move into it. Nobody writes to the log meanwhile.
CREATE FUNCTION make_session_partition(month date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first date := date_trunc('month', month);
    name text := 'session_log_' || to_char(first, 'YYYY_MM');
    since timestamptz := first::timestamp AT TIME ZONE 'UTC';
    following timestamptz := (first + interval '1 month')::timestamp AT TIME ZONE 'UTC';
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    LOCK TABLE session_log IN ACCESS EXCLUSIVE MODE;
    IF to_regclass(name) IS NOT NULL THEN  -- another worker was quicker
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE session_log INCLUDING ALL)', name);
    EXECUTE format('WITH moved AS (DELETE FROM session_log_default WHERE stopped_at >= %L AND stopped_at < %L'
                   ' RETURNING *) INSERT INTO %I SELECT * FROM moved', since, following, name);
    EXECUTE format('ALTER TABLE session_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   name, since, following);
END $$;

-- The law asks for 12 months of connection records (Marco Civil art. 13): younger partitions are not dropped.
CREATE FUNCTION drop_session_partition(month date, at timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE first date := date_trunc('month', month);
BEGIN
    IF first + interval '13 months' > least(at, now()) THEN
        RAISE EXCEPTION 'session records of % are not old enough to go', to_char(first, 'YYYY-MM')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'session_log_kept_12_months', TABLE = 'session_log';
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS %I', 'session_log_' || to_char(first, 'YYYY_MM'));
END $$;
REVOKE ALL ON FUNCTION make_session_partition(date), drop_session_partition(date, timestamptz) FROM PUBLIC;

-- Months of the log that the law does not ask for any more (Marco Civil art. 13), the oldest first.
CREATE FUNCTION old_session_partitions(at timestamptz) RETURNS SETOF date
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT month FROM (
        SELECT to_date(right(c.relname, 7), 'YYYY_MM') AS month
          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'session_log'::regclass AND c.relname ~ '^session_log_[0-9]{4}_[0-9]{2}$') made
     WHERE month + interval '13 months' <= least(at, now()) ORDER BY month
$$;
REVOKE ALL ON FUNCTION old_session_partitions(timestamptz) FROM PUBLIC;

-- Foreign keys get readable names: <table>_<column>_fk, without Django's digest and the `_id`.
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT c.conname, c.conrelid::regclass AS tab, t.relname || '_' || regexp_replace(a.attname, '_id$', '') || '_fk' AS wished
          FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f' AND c.conname ~ '_[0-9a-f]{8}_fk' AND t.relname = ANY (%(tables)s)
    LOOP
        EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', found.tab, found.conname, found.wished);
    END LOOP;
END $$;

ALTER TABLE staff_member RENAME CONSTRAINT staff_member_user_id_key TO staff_member_user_once;
