-- What routers tell of their sessions. Packets come late, twice and out of order, and nothing of that may harm: one
-- open row per session in `session_live`, which Stop moves to `session_log`.

-- One accounting packet, read. `started_at` is what the packet implies for its session; `class` and `filter_id` are what
-- the router says of the state that is in force.
CREATE TYPE radius.told AS (
    unique_id text, session_id text, username text, nas_id bigint, nas_address inet, nas_port text,
    calling_station text, called_station text, ipv4 inet, ipv6_prefix cidr, ipv6_delegated cidr,
    class text, filter_id text, started_at timestamptz, at timestamptz, octets_in bigint, octets_out bigint, cause text);

-- Packets that overtake each other, or come from two servers, are this much apart at most.
CREATE FUNCTION radius.overtaking() RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN interval '5 seconds';

-- Whether the session that the packet speaks of is over. A router may give the same number to a later session, but
-- that one cannot have begun before the first was over. One that was only given up (its router did not know it when we
-- gave an order, or said that it restarted) and is heard of again lives.
CREATE FUNCTION radius.is_over(told radius.told) RETURNS boolean
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.session_log l
                    WHERE l.unique_id = told.unique_id AND l.stopped_at > told.started_at - radius.overtaking()
                      AND NOT (l.terminate_cause IN ('Context-Not-Found', 'NAS-Reboot', 'Silent')
                               AND told.at > l.stopped_at + radius.overtaking()));
END $$;

-- Moves the live row, if there is one, to the log; whether there was. `told` is its last word, if it had one.
CREATE FUNCTION radius.close_session(unique_id text, stopped_at timestamptz, cause text, told radius.told DEFAULT NULL)
    RETURNS boolean
    LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN
    WITH gone AS (DELETE FROM public.session_live l WHERE l.unique_id = close_session.unique_id RETURNING l.*)
    INSERT INTO public.session_log (
           id, unique_id, session_id, username, contract_id, nas_id, nas_address, nas_port, calling_station,
           called_station, framed_ipv4, framed_ipv6_prefix, delegated_ipv6_prefix, applied_state, applied_at,
           applied_until, verified_at, started_at, updated_at, octets_in, octets_out, stopped_at, terminate_cause)
    SELECT g.id, g.unique_id, g.session_id, g.username, g.contract_id, g.nas_id, g.nas_address, g.nas_port,
           g.calling_station, g.called_station, coalesce(told.ipv4, g.framed_ipv4),
           coalesce(told.ipv6_prefix, g.framed_ipv6_prefix), coalesce(told.ipv6_delegated, g.delegated_ipv6_prefix),
           g.applied_state, g.applied_at, g.applied_until, g.verified_at, g.started_at,
           greatest(told.at, g.updated_at), greatest(told.octets_in, g.octets_in),
           greatest(told.octets_out, g.octets_out), greatest(stopped_at, g.started_at), cause FROM gone g;
    RETURN FOUND;
END $$;

-- A session of which we hear for the first time: the state is what its `Class` says.
CREATE FUNCTION radius.open_session(told radius.told) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE state text := radius.access_of(told.class);
BEGIN
    INSERT INTO public.session_live (
           unique_id, session_id, username, contract_id, nas_id, nas_address, nas_port, calling_station,
           called_station, framed_ipv4, framed_ipv6_prefix, delegated_ipv6_prefix, applied_state, applied_at,
           applied_until, started_at, updated_at, octets_in, octets_out)
    SELECT told.unique_id, told.session_id, told.username,
           (SELECT r.contract_id FROM public.access_record r WHERE r.username = told.username),
           (SELECT n.id FROM public.nas n WHERE n.id = told.nas_id), told.nas_address, told.nas_port,
           told.calling_station, told.called_station, told.ipv4, told.ipv6_prefix, told.ipv6_delegated,
           state, CASE WHEN state IS NOT NULL THEN told.started_at END, radius.end_of(told.class),
           told.started_at, told.at, told.octets_in, told.octets_out
    ON CONFLICT (unique_id) DO NOTHING;
END $$;

-- Brings a session that is known up to date: counters never go back, addresses once known stay known.
CREATE FUNCTION radius.refresh_session(kind text, told radius.told) RETURNS boolean
    LANGUAGE plpgsql AS $$
DECLARE known record;
BEGIN
    UPDATE public.session_live s SET
           framed_ipv4 = coalesce(told.ipv4, s.framed_ipv4),
           framed_ipv6_prefix = coalesce(told.ipv6_prefix, s.framed_ipv6_prefix),
           delegated_ipv6_prefix = coalesce(told.ipv6_delegated, s.delegated_ipv6_prefix),
           updated_at = greatest(told.at, s.updated_at),
           octets_in = greatest(told.octets_in, s.octets_in),
           octets_out = greatest(told.octets_out, s.octets_out)
     WHERE s.unique_id = told.unique_id
    RETURNING s.id, s.nas_id, s.applied_state, s.applied_at, s.verified_at INTO known;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- Only where something can be learnt: an order was carried out since the log-in and is not seen in force yet, or the
    -- router shows another state. Packets that were on their way when the order was given prove nothing, and a Start
    -- that is repeated tells of the log-in.
    IF kind = 'Interim-Update' AND told.at > known.applied_at + radius.overtaking()
       AND (told.filter_id IS NOT NULL OR radius.access_of(told.class) IS DISTINCT FROM known.applied_state
            OR known.verified_at IS NULL) THEN
        PERFORM radius.compare(known.id, known.nas_id, known.applied_state, told);
    END IF;
    RETURN true;
END $$;

-- Which state the router shows, by the attribute in which its kind shows it; null: it shows none.
CREATE FUNCTION radius.shown(nas_id bigint, told radius.told) RETURNS text
    LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_variable
DECLARE kind record;
BEGIN
    SELECT v.vendor, v.shown_by INTO kind FROM public.nas n JOIN radius.vendor v ON v.vendor = n.vendor WHERE n.id = nas_id;
    IF kind.shown_by = 'class' THEN
        RETURN radius.access_of(told.class);
    ELSIF kind.shown_by = 'filter_id' AND told.filter_id IS NOT NULL THEN
        RETURN (SELECT t.access FROM radius.reply_template t
                 WHERE t.vendor = kind.vendor AND t.attribute = 'Filter-Id'
                   AND told.filter_id IN (replace(t.template, '{voice}', ''), replace(t.template, '{voice}', '-voice'))
                 LIMIT 1);
    END IF;
    RETURN NULL;
END $$;

-- An acknowledgement is not a proof. The state that the router shows is: the same as we hold it for verifies it; another
-- one is drift, which the reconciler then finds, and a contradiction if it had acknowledged.
CREATE FUNCTION radius.compare(session bigint, nas_id bigint, held_for text, told radius.told) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE seen text := radius.shown(nas_id, told);
BEGIN
    IF seen = held_for THEN
        UPDATE public.session_live SET verified_at = told.at WHERE id = session AND verified_at IS NULL;
    ELSIF seen IS NOT NULL THEN
        UPDATE public.session_live
           SET applied_state = seen, applied_until = CASE WHEN seen = 'full' THEN radius.end_of(told.class) END,
               verified_at = NULL, contradicted = least(contradicted + 1, 1000)
         WHERE id = session;
        PERFORM pg_notify('religa_access', (SELECT contract_id::text FROM public.session_live WHERE id = session));
    END IF;
END $$;

-- Start and Interim say that the session lives, Stop that it is over; one packet says what a lost one did not.
CREATE FUNCTION radius.take(kind text, told radius.told) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE last_word timestamptz;
BEGIN
    -- One packet of a session at a time: two Stops at once would both find no row and both write one.
    PERFORM pg_advisory_xact_lock(hashtext('radius.session'), hashtext(told.unique_id));
    IF radius.is_over(told) THEN
        RETURN 'late';
    END IF;
    SELECT s.updated_at INTO last_word FROM public.session_live s WHERE s.unique_id = told.unique_id;
    -- A Start long after the last word of a session with the same number: its Stop was lost, this is another one.
    IF kind = 'Start' AND last_word < told.started_at - interval '1 minute' THEN
        PERFORM radius.close_session(told.unique_id, last_word, 'Lost-Stop');
        last_word := NULL;
    END IF;
    IF last_word IS NULL THEN
        PERFORM radius.open_session(told);
    ELSIF kind <> 'Stop' THEN
        PERFORM radius.refresh_session(kind, told);
    END IF;
    IF kind = 'Stop' THEN
        PERFORM radius.close_session(told.unique_id, told.at, told.cause, told);
        RETURN 'stopped';
    END IF;
    RETURN 'kept';
END $$;

-- A router that has just begun, or is about to end, has no sessions (RFC 2866 section 5.1): all that were heard of before
-- are over. One that lives all the same is opened again by its next interim.
CREATE FUNCTION radius.restarted(nas bigint, address inet, at timestamptz) RETURNS text
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM radius.close_session(s.unique_id, least(at, s.updated_at), 'NAS-Reboot') FROM public.session_live s
      WHERE s.nas_id = restarted.nas AND s.nas_address = restarted.address AND s.updated_at <= restarted.at;
    RETURN 'restarted';
END $$;

-- When accounting of the router was last heard; written every ten seconds at most, and never waited for.
CREATE FUNCTION radius.heard_of(nas bigint) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE last timestamptz;
BEGIN
    SELECT accounted_at INTO last FROM public.nas_health h WHERE h.nas_id = heard_of.nas;
    IF FOUND AND last > now() - interval '10 seconds' THEN
        RETURN;
    ELSIF FOUND THEN
        PERFORM FROM public.nas_health h WHERE h.nas_id = heard_of.nas FOR NO KEY UPDATE SKIP LOCKED;
        IF FOUND THEN
            UPDATE public.nas_health h SET accounted_at = now() WHERE h.nas_id = heard_of.nas;
        END IF;
    ELSE
        INSERT INTO public.nas_health (nas_id, accounted_at, outcome, alarm)
        SELECT n.id, now(), '', '' FROM public.nas n WHERE n.id = heard_of.nas ON CONFLICT DO NOTHING;
    END IF;
END $$;

-- What follows reads values that FreeRADIUS printed. Where the octets are not of the attribute's kind (an address of
-- three, say) it prints them as 0x..., and that is as good as nothing: to fail would make the router repeat the packet
-- for ever.
CREATE FUNCTION radius.number_of(value text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN value <> '' AND length(value) < 19 AND translate(value, '0123456789', '') = '' THEN value::bigint END;

CREATE FUNCTION radius.address_of(value text) RETURNS inet
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN value <> '' AND value NOT LIKE '0x%' THEN value::inet END;

-- Bits beyond the length are of no interest.
CREATE FUNCTION radius.prefix_of(value text) RETURNS cidr
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN network(radius.address_of(value));

-- A counter that comes as two words of 32 bits. A router out of its mind sends more than a bigint holds.
CREATE FUNCTION radius.octets_of(gigas text, octets text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (least(coalesce(radius.number_of(gigas), 0), 2147483646) << 32)
           + least(coalesce(radius.number_of(octets), 0), 4294967295);

-- Whether the router hears its answer only when the packet's record is on the disk. What a crash of the database takes
-- (0.6 s at most) of Starts and Interims the next interim tells again; nobody repeats a Stop that was answered, and it is
-- a record that the law asks for.
CREATE FUNCTION radius.commits(kind text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN kind IN ('Start', 'Interim-Update') THEN 'off' ELSE 'on' END;

-- The door for accounting: what became of the packet, `kept`, `stopped`, `late`, `restarted` or `unheard` (a kind of
-- packet that is not about one session). Texts are octets in hexadecimal; missing values are empty. The time is the
-- server's less `delay`, because routers' clocks are wrong.
CREATE FUNCTION radius.account(
        kind text, session_id text, username text, nas_id text, nas_address text, nas_port text,
        calling_station text, called_station text, ipv4 text, ipv6_prefix text, ipv6_delegated text, class text,
        filter_id text, lasted text, delay text, octets_in text, gigas_in text, octets_out text, gigas_out text,
        cause text)
    RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE told radius.told;
BEGIN
    -- Of this transaction, not of the function: the commit comes after it.
    PERFORM set_config('synchronous_commit', radius.commits(kind), true);
    told.nas_id := radius.number_of(nas_id);
    told.nas_address := radius.address_of(nas_address);
    told.at := now() - make_interval(secs => least(coalesce(radius.number_of(delay), 0), 86400));
    PERFORM radius.heard_of(told.nas_id);
    IF kind IN ('Accounting-On', 'Accounting-Off') THEN
        RETURN radius.restarted(told.nas_id, told.nas_address, told.at);
    ELSIF kind NOT IN ('Start', 'Interim-Update', 'Stop') OR session_id = '' OR username = '' THEN
        RETURN 'unheard';
    END IF;
    told.unique_id := md5(concat_ws('|', coalesce(told.nas_id::text, nas_address), session_id, username));
    told.ipv4 := radius.address_of(ipv4);
    told.ipv6_prefix := radius.prefix_of(ipv6_prefix);
    told.ipv6_delegated := radius.prefix_of(ipv6_delegated);
    told.class := radius.text_of(nullif(class, ''));
    told.filter_id := radius.text_of(nullif(filter_id, ''));
    told.started_at := told.at - make_interval(secs => coalesce(radius.number_of(lasted), 0));
    told.octets_in := radius.octets_of(gigas_in, octets_in);
    told.octets_out := radius.octets_of(gigas_out, octets_out);
    -- The common case first: an interim update of a session that we know is one statement, and its names are not read.
    IF kind = 'Interim-Update' AND radius.refresh_session(kind, told) THEN
        RETURN 'kept';
    END IF;
    told.session_id := coalesce(radius.text_of(session_id), '');
    told.username := coalesce(radius.text_of(username), '');
    told.nas_port := coalesce(radius.text_of(nas_port), '');
    told.calling_station := coalesce(radius.text_of(calling_station), '');
    told.called_station := coalesce(radius.text_of(called_station), '');
    told.cause := cause;
    RETURN radius.take(kind, told);
END $$;

-- Sessions of which nothing was heard for a day: their Stop was lost, and their router with it. They are over since they
-- were last heard of, as the law wants them kept; one that lives all the same is opened again by its next interim.
CREATE FUNCTION radius.close_silent(most integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT count(radius.close_session(s.unique_id, s.updated_at, 'Silent'))
              FROM (SELECT unique_id, updated_at FROM public.session_live
                     WHERE updated_at < now() - interval '1 day' LIMIT most FOR UPDATE SKIP LOCKED) s);
END $$;
