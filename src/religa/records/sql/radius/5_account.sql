-- What routers tell of their sessions. Packets come late, twice and out of order, and nothing of that may harm: one
-- open row per session in `session_live`, which Stop moves to `session_log`.

DO $$
BEGIN
    -- One accounting packet, read. `started_at` is what the packet implies for its session.
    IF to_regtype('radius.told') IS NULL THEN
        CREATE TYPE radius.told AS (
            unique_id text, session_id text, username text, nas_id bigint, nas_address inet, nas_port text,
            calling_station text, called_station text, ipv4 inet, ipv6_prefix cidr, ipv6_delegated cidr,
            access text, started_at timestamptz, at timestamptz, octets_in bigint, octets_out bigint, cause text);
    END IF;
END $$;

-- Whether the session that the packet speaks of is over. A router may give the same number to a later session, but
-- that one cannot have begun before the first was over (5 s: packets that overtake each other).
CREATE OR REPLACE FUNCTION radius.is_over(told radius.told) RETURNS boolean
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.session_log l
                    WHERE l.unique_id = told.unique_id AND l.stopped_at > told.started_at - interval '5 seconds');
END $$;

-- Moves the live row, if there is one, to the log; whether there was.
CREATE OR REPLACE FUNCTION radius.close_session(unique_id text, stopped_at timestamptz, cause text) RETURNS boolean
    LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN
    WITH gone AS (DELETE FROM public.session_live l WHERE l.unique_id = close_session.unique_id RETURNING l.*)
    INSERT INTO public.session_log (
           id, unique_id, session_id, username, contract_id, nas_id, nas_address, nas_port, calling_station,
           called_station, framed_ipv4, framed_ipv6_prefix, delegated_ipv6_prefix, applied_state, applied_at,
           started_at, updated_at, octets_in, octets_out, stopped_at, terminate_cause)
    SELECT g.id, g.unique_id, g.session_id, g.username, g.contract_id, g.nas_id, g.nas_address, g.nas_port,
           g.calling_station, g.called_station, g.framed_ipv4, g.framed_ipv6_prefix, g.delegated_ipv6_prefix,
           g.applied_state, g.applied_at, g.started_at, g.updated_at, g.octets_in, g.octets_out,
           greatest(stopped_at, g.started_at), cause FROM gone g;
    RETURN FOUND;
END $$;

-- Opens the session, or brings its row up to date: counters never go back, addresses once known stay known.
CREATE OR REPLACE FUNCTION radius.keep_session(told radius.told) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.session_live AS s (
           unique_id, session_id, username, contract_id, nas_id, nas_address, nas_port, calling_station,
           called_station, framed_ipv4, framed_ipv6_prefix, delegated_ipv6_prefix, applied_state, applied_at,
           started_at, updated_at, octets_in, octets_out)
    SELECT told.unique_id, told.session_id, told.username,
           (SELECT r.contract_id FROM public.access_record r WHERE r.username = told.username),
           (SELECT n.id FROM public.nas n WHERE n.id = told.nas_id), told.nas_address, told.nas_port,
           told.calling_station, told.called_station, told.ipv4, told.ipv6_prefix, told.ipv6_delegated,
           told.access, CASE WHEN told.access IS NOT NULL THEN told.started_at END, told.started_at, told.at, told.octets_in, told.octets_out
    ON CONFLICT (unique_id) DO UPDATE SET
           framed_ipv4 = coalesce(excluded.framed_ipv4, s.framed_ipv4),
           framed_ipv6_prefix = coalesce(excluded.framed_ipv6_prefix, s.framed_ipv6_prefix),
           delegated_ipv6_prefix = coalesce(excluded.delegated_ipv6_prefix, s.delegated_ipv6_prefix),
           updated_at = greatest(excluded.updated_at, s.updated_at),
           octets_in = greatest(excluded.octets_in, s.octets_in),
           octets_out = greatest(excluded.octets_out, s.octets_out);
END $$;

-- Start and Interim say that the session lives, Stop that it is over; one packet says what a lost one did not.
CREATE OR REPLACE FUNCTION radius.take(kind text, told radius.told) RETURNS text
    LANGUAGE plpgsql AS $$
BEGIN
    -- One packet of a session at a time: two Stops at once would both find no row and both write one.
    PERFORM pg_advisory_xact_lock(hashtext('radius.session'), hashtext(told.unique_id));
    IF radius.is_over(told) THEN
        RETURN 'late';
    END IF;
    -- A Start long after the last word of a session with the same number: its Stop was lost, this is another one.
    IF kind = 'Start' THEN
        PERFORM radius.close_session(s.unique_id, s.updated_at, 'Lost-Stop') FROM public.session_live s
          WHERE s.unique_id = told.unique_id AND s.updated_at < told.started_at - interval '1 minute';
    END IF;
    PERFORM radius.keep_session(told);
    IF kind = 'Stop' THEN
        PERFORM radius.close_session(told.unique_id, told.at, told.cause);
        RETURN 'stopped';
    END IF;
    RETURN 'kept';
END $$;

-- A counter that comes as two words of 32 bits. A router out of its mind sends more than a bigint holds; refusing the
-- packet would make it repeat it for ever.
CREATE OR REPLACE FUNCTION radius.octets_of(gigas text, octets text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN least(coalesce(nullif(gigas, '')::numeric, 0) * 4294967296 + coalesce(nullif(octets, '')::numeric, 0),
                 9223372036854775807)::bigint;

-- The door for accounting: what became of the packet, `kept`, `stopped`, `late` or `unheard` (a kind of packet that is
-- not about one session). Texts are octets in hexadecimal; missing values are empty. The time is the server's less
-- `delay`, because routers' clocks are wrong.
CREATE OR REPLACE FUNCTION radius.account(
        kind text, session_id text, username text, nas_id text, nas_address text, nas_port text,
        calling_station text, called_station text, ipv4 text, ipv6_prefix text, ipv6_delegated text, class text,
        lasted text, delay text, octets_in text, gigas_in text, octets_out text, gigas_out text, cause text)
    RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE told radius.told;
BEGIN
    IF kind NOT IN ('Start', 'Interim-Update', 'Stop') OR session_id = '' OR username = '' THEN
        RETURN 'unheard';
    END IF;
    told.session_id := coalesce(radius.text_of(session_id), '');
    told.username := coalesce(radius.text_of(username), '');
    told.nas_id := CASE WHEN nas_id ~ '^[0-9]{1,18}$' THEN nas_id::bigint END;
    told.nas_address := nullif(nas_address, '')::inet;
    told.nas_port := coalesce(radius.text_of(nas_port), '');
    told.calling_station := coalesce(radius.text_of(calling_station), '');
    told.called_station := coalesce(radius.text_of(called_station), '');
    told.ipv4 := nullif(ipv4, '')::inet;
    told.ipv6_prefix := nullif(ipv6_prefix, '')::cidr;
    told.ipv6_delegated := nullif(ipv6_delegated, '')::cidr;
    told.access := radius.access_of(radius.text_of(class));
    told.at := now() - make_interval(secs => least(coalesce(nullif(delay, '')::bigint, 0), 86400));
    told.started_at := told.at - make_interval(secs => coalesce(nullif(lasted, '')::bigint, 0));
    told.octets_in := radius.octets_of(gigas_in, octets_in);
    told.octets_out := radius.octets_of(gigas_out, octets_out);
    told.cause := cause;
    told.unique_id := md5(concat_ws('|', coalesce(told.nas_id::text, nas_address), session_id, username));
    RETURN radius.take(kind, told);
END $$;
