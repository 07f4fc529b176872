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

-- The burst as RouterOS writes it after the rates: rate, threshold, seconds; null if a part is unknown.
-- PL/pgSQL, so that it is not put into the question of each log-in: few have a burst.
CREATE FUNCTION radius.burst_of(up integer, down integer, above_up integer, above_down integer, seconds integer)
    RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN format(' %sk/%sk %sk/%sk %s/%s', up, down, above_up, above_down, seconds, seconds);
END $$;

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
-- other: few statements, few columns, no regular expressions (docs/figures.md). Each expression is made ready anew in each
-- transaction, which costs more than to run it once: what few log-ins need stands in a branch that the others do not reach.
CREATE FUNCTION radius.answer(
        name text, station text, asking text, at timestamptz DEFAULT now(), released boolean DEFAULT NULL)
    RETURNS SETOF radius.item
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable  -- a column added later must not silence every log-in
DECLARE
    called text := radius.text_of(name);
    -- of the log-in
    only_mac text;
    extra_replies jsonb;
    ipv4 text;
    pool text;
    ipv6_prefix_pool text;
    ipv6_pd_pool text;
    up integer;
    down integer;
    burst text;
    voice boolean;
    clear text;
    hash text;
    scheme text;
    -- what holds, until when, and what then
    holds text;
    until timestamptz;
    access_then text;
    seconds integer;
    -- what that kind of router hears
    vendor text;
    attributes text[];
    ops text[];
    templates text[];
    facts text[];
    said text;
BEGIN
    SELECT r.mac, r.extra_replies, host(r.ipv4), nullif(r.pool, ''), nullif(r.ipv6_prefix_pool, ''),
           nullif(r.ipv6_pd_pool, ''), coalesce(r.up_kbps, p.up_kbps), coalesce(r.down_kbps, p.down_kbps),
           radius.burst_of(coalesce(r.burst_up_kbps, p.burst_up_kbps), coalesce(r.burst_down_kbps, p.burst_down_kbps),
                           coalesce(r.burst_threshold_up_kbps, p.burst_threshold_up_kbps),
                           coalesce(r.burst_threshold_down_kbps, p.burst_threshold_down_kbps),
                           coalesce(r.burst_seconds, p.burst_seconds)),
           c.wall_lets_voice, w.clear, w.hash, w.scheme,
           CASE WHEN a.until IS NULL OR at < a.until THEN a.access ELSE a.access_then END, a.until, a.access_then,
           t.vendor, t.attributes, t.ops, t.templates, t.facts
      INTO only_mac, extra_replies, ipv4, pool, ipv6_prefix_pool,
           ipv6_pd_pool, up, down,
           burst,
           voice, clear, hash, scheme,
           holds, until, access_then,
           vendor, attributes, ops, templates, facts
      FROM public.access_record r
      JOIN public.contract_access a ON a.contract_id = r.contract_id
      JOIN public.contract c ON c.id = r.contract_id
      LEFT JOIN public.plan p ON p.id = c.plan_id
      LEFT JOIN radius_secret.network_password w ON w.access_record_id = r.id
      LEFT JOIN radius.reply t ON t.vendor = asking AND t.purpose = 'login'
            AND t.access = CASE WHEN a.until IS NULL OR at < a.until THEN a.access ELSE a.access_then END
     WHERE r.username = called AND r.enabled;
    IF NOT FOUND OR holds = 'closed' THEN
        RETURN;
    END IF;
    IF only_mac IS NOT NULL THEN
        IF only_mac <> coalesce(radius.mac_of(radius.text_of(station)), '') THEN
            RETURN;
        END IF;
    END IF;
    -- The switch of the network changes nothing for whoever has full access without an end: nine log-ins of ten.
    IF holds <> 'full' OR access_then <> 'full' THEN
        IF coalesce(released, radius.released()) THEN
            holds := 'full';
            vendor := NULL;  -- what was found is of the other access
        ELSE
            seconds := radius.session_seconds(holds, until, access_then, at);
        END IF;
    END IF;
    IF vendor IS NULL THEN  -- an answer without templates would open the wall
        SELECT t.vendor, t.attributes, t.ops, t.templates, t.facts INTO vendor, attributes, ops, templates, facts
          FROM radius.reply t WHERE t.vendor IN (asking, 'generic') AND t.purpose = 'login' AND t.access = holds
         ORDER BY t.vendor <> asking LIMIT 1;
    END IF;
    IF clear IS NOT NULL THEN
        RETURN NEXT ROW('Religa-Clear-Password', radius.quoted(clear), ':=')::radius.item;
    ELSIF hash IS NOT NULL THEN
        RETURN NEXT ROW('Religa-Password-Hash', radius.quoted(radius.headed(hash, scheme)), ':=')::radius.item;
    END IF;
    IF seconds IS NULL THEN
        RETURN NEXT ROW('Class', radius.class_of(holds, NULL), ':=')::radius.item;
    ELSE
        RETURN NEXT ROW('Session-Timeout', seconds::text, ':=')::radius.item;
        RETURN NEXT ROW('Class', radius.class_of(holds, until), ':=')::radius.item;
    END IF;
    FOR n IN 1 .. coalesce(cardinality(attributes), 0) LOOP
        said := templates[n];
        said := CASE facts[n]
            WHEN '' THEN said
            WHEN 'rate' THEN radius.with_rate(said, up, down, coalesce(burst, ''))
            WHEN 'wall' THEN replace(said, '{voice}', CASE WHEN voice THEN '-voice' ELSE '' END)
            WHEN 'ipv4' THEN replace(said, '{}', ipv4)
            WHEN 'pool' THEN replace(said, '{}', pool)
            WHEN 'ipv6_prefix_pool' THEN replace(said, '{}', ipv6_prefix_pool)
            WHEN 'ipv6_pd_pool' THEN replace(said, '{}', ipv6_pd_pool) END;
        IF said IS NOT NULL THEN
            RETURN NEXT ROW(attributes[n], said, ops[n])::radius.item;
        END IF;
    END LOOP;
    IF extra_replies <> '[]' THEN
        RETURN QUERY SELECT * FROM radius.extra_items(vendor, holds, extra_replies);
    END IF;
END $$;
