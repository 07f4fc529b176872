-- What a log-in is answered. No rule lives here: `contract_access` says what holds, until when, and what then.
-- Only the door (`radius.answer`) is SECURITY DEFINER and fixes the search path; what it calls inherits both.
-- It is one function, and no door before another: rows that pass two of them are written down twice, which is a tenth of
-- what a log-in costs. So its `at` is open to FreeRADIUS, which may read every answer anyway (docs/decisions/0006).

CREATE TYPE radius.item AS (attribute text, value text, op text);

-- A hash with the header by which FreeRADIUS knows its kind; one that brings its own keeps it.
CREATE FUNCTION radius.headed(hash text, scheme text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN hash LIKE '{%' THEN ''
                WHEN scheme IN ('crypt', 'bcrypt') THEN '{crypt}'
                WHEN scheme IN ('nt', 'ssha') THEN '{' || scheme || '}'
                WHEN length(hash) > 80 THEN '{ssha512}'
                ELSE '{ssha256}' END || hash;

-- How bad an access is; null for none.
CREATE FUNCTION radius.rank_of(access text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE access WHEN 'full' THEN 0 WHEN 'reduced' THEN 1 WHEN 'walled' THEN 2 WHEN 'closed' THEN 3 END;

-- Seconds after which a session has to end by itself, null: it may stay. `access` is what holds at `at`, `access_then`
-- what holds from `until`; only a change for the worse ends a session.
-- A walled one asks again twice an hour, and so heals by itself when every message to its router is lost.
-- Rounded up: never 0 (to some routers "without end"), and the next log-in comes after `until`.
-- At most 24 days: 2^31 milliseconds are 24.8, and below that no router's timer overflows.
CREATE FUNCTION radius.session_seconds(
        access text, until timestamptz, access_then text, at timestamptz) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN least(CASE access WHEN 'walled' THEN 1800 END,
                 CASE WHEN at < until AND isfinite(until) AND radius.rank_of(access_then) > radius.rank_of(access)
                      THEN least(ceil(extract(epoch FROM until - at)), 24 * 86400)::integer END);

-- The burst as RouterOS writes it after the rates: rate, threshold, seconds; nothing if a part is unknown. A log-in's own
-- values go before those of its plan.
CREATE FUNCTION radius.burst_of(login public.access_record, sold public.plan) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(' ' || coalesce(login.burst_up_kbps, sold.burst_up_kbps)
                    || 'k/' || coalesce(login.burst_down_kbps, sold.burst_down_kbps)
                    || 'k ' || coalesce(login.burst_threshold_up_kbps, sold.burst_threshold_up_kbps)
                    || 'k/' || coalesce(login.burst_threshold_down_kbps, sold.burst_threshold_down_kbps)
                    || 'k ' || coalesce(login.burst_seconds, sold.burst_seconds)
                    || '/' || coalesce(login.burst_seconds, sold.burst_seconds), '');

-- A log-in's own attributes, as [name, operator, value]. They may not contradict what is decided, nor in the wall say
-- anything but addresses: whatever else they hold could open it.
CREATE FUNCTION radius.extra_items(asking text, access text, extra_replies jsonb) RETURNS SETOF radius.item
    LANGUAGE sql STABLE AS $$
    SELECT e ->> 0, radius.quoted(e ->> 2), e ->> 1
      FROM jsonb_array_elements(CASE jsonb_typeof(extra_replies) WHEN 'array' THEN extra_replies END)
           WITH ORDINALITY AS listed (e, place)
     WHERE e ->> 0 ~ '^[A-Za-z0-9-]+$' AND e ->> 1 IN (':=', '+=', '=') AND e ->> 2 IS NOT NULL
       AND e ->> 0 !~* '^(religa-.*|class|session-timeout|termination-action|message-authenticator)$'
       AND (access <> 'walled' OR e ->> 0 ~* '^(framed|delegated)-')
       AND NOT EXISTS (SELECT FROM radius.reply_template t
                        WHERE t.vendor = asking AND lower(split_part(t.attribute, ':', 1)) = lower(e ->> 0))
     ORDER BY place  -- several routes: as they were written
$$;

CREATE FUNCTION radius.with_rate(template text, up integer, down integer, burst text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN strpos(template, '_bps}') = 0
                THEN replace(replace(replace(template, '{up}', up::text), '{down}', down::text), '{burst}', burst)
                ELSE replace(replace(replace(replace(replace(template, '{up}', up::text), '{down}', down::text),
                                             '{burst}', burst), '{up_bps}', (up::bigint * 1000)::text),
                             '{down_bps}', (down::bigint * 1000)::text) END;

-- No row: refused (unknown, switched off, closed, another MAC). Otherwise what to compare the password with, and what
-- to reply. `name` and `station` are octets in hexadecimal; `asking` is the kind of router that asks.
-- Without `at`: at the database's own time.
-- `released`: as if `religa network release` held, or did not; null, as it is. Then only `closed` is less than full.
--
-- It runs with every log-in, in as many backends as FreeRADIUS has threads, which take the processor's caches from each
-- other: few statements, few columns, no regular expressions (docs/figures.md).
CREATE FUNCTION radius.answer(
        name text, station text, asking text, at timestamptz DEFAULT now(), released boolean DEFAULT NULL)
    RETURNS SETOF radius.item
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable  -- a column added later must not silence every log-in
DECLARE
    called text := radius.text_of(name);
    known record;
    holds text;
    seconds integer;
    spoken record;
    said text;
BEGIN
    SELECT r.id, r.mac, r.extra_replies, host(r.ipv4) AS ipv4, r.pool, r.ipv6_prefix_pool, r.ipv6_pd_pool,
           coalesce(r.up_kbps, p.up_kbps) AS up, coalesce(r.down_kbps, p.down_kbps) AS down,
           CASE WHEN coalesce(r.burst_seconds, p.burst_seconds) IS NULL THEN '' ELSE radius.burst_of(r, p) END AS burst,
           c.wall_lets_voice AS voice,
           a.access, a.until, a.access_then, w.clear, w.hash, w.scheme
      INTO known
      FROM public.access_record r
      JOIN public.contract_access a ON a.contract_id = r.contract_id
      JOIN public.contract c ON c.id = r.contract_id
      LEFT JOIN public.plan p ON p.id = c.plan_id
      LEFT JOIN radius_secret.network_password w ON w.access_record_id = r.id
     WHERE r.username = called AND r.enabled;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    holds := CASE WHEN known.until IS NULL OR at < known.until THEN known.access
                  ELSE coalesce(known.access_then, known.access) END;
    IF holds = 'closed' OR known.mac <> coalesce(radius.mac_of(radius.text_of(station)), '') THEN
        RETURN;
    END IF;
    -- The switch of the network changes nothing for whoever has full access without an end: nine log-ins of ten.
    IF (holds <> 'full' OR known.access_then <> 'full') AND coalesce(released, radius.released()) THEN
        holds := 'full';
        known.access_then := 'full';
    END IF;
    IF known.clear IS NOT NULL THEN
        RETURN NEXT ROW('Religa-Clear-Password', radius.quoted(known.clear), ':=')::radius.item;
    ELSIF known.hash IS NOT NULL THEN
        said := radius.quoted(radius.headed(known.hash, known.scheme));
        RETURN NEXT ROW('Religa-Password-Hash', said, ':=')::radius.item;
    END IF;
    seconds := radius.session_seconds(holds, known.until, known.access_then, at);
    IF seconds IS NOT NULL THEN
        RETURN NEXT ROW('Session-Timeout', seconds::text, ':=')::radius.item;
    END IF;
    said := radius.class_of(holds, CASE WHEN seconds IS NOT NULL THEN known.until END);
    RETURN NEXT ROW('Class', said, ':=')::radius.item;
    SELECT t.* INTO spoken FROM radius.reply t WHERE t.vendor = asking AND t.purpose = 'login' AND t.access = holds;
    IF NOT FOUND THEN  -- an answer without templates would open the wall
        SELECT t.* INTO spoken FROM radius.reply t
         WHERE t.vendor = 'generic' AND t.purpose = 'login' AND t.access = holds;
    END IF;
    FOR n IN 1 .. coalesce(cardinality(spoken.attributes), 0) LOOP
        said := spoken.templates[n];
        CASE spoken.facts[n]
            WHEN '' THEN NULL;
            WHEN 'rate' THEN said := radius.with_rate(said, known.up, known.down, known.burst);
            WHEN 'wall' THEN said := replace(said, '{voice}', CASE WHEN known.voice THEN '-voice' ELSE '' END);
            WHEN 'ipv4' THEN said := replace(said, '{}', known.ipv4);
            WHEN 'pool' THEN said := replace(said, '{}', nullif(known.pool, ''));
            WHEN 'ipv6_prefix_pool' THEN said := replace(said, '{}', nullif(known.ipv6_prefix_pool, ''));
            WHEN 'ipv6_pd_pool' THEN said := replace(said, '{}', nullif(known.ipv6_pd_pool, ''));
        END CASE;
        IF said IS NOT NULL THEN
            RETURN NEXT ROW(spoken.attributes[n], said, spoken.ops[n])::radius.item;
        END IF;
    END LOOP;
    IF known.extra_replies <> '[]' THEN
        RETURN QUERY SELECT * FROM radius.extra_items(spoken.vendor, holds, known.extra_replies);
    END IF;
END $$;
