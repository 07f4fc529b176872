-- What the reconciler asks and writes: which live sessions are not in the state of their contract's row, and what became
-- of each order to a router. It decides nothing, and keeps no queue: a session that disagrees is the order.

-- How long after its last packet a session may still be given orders: three interim intervals of 300 s. Older rows are
-- not known to live (their Stop may be lost).
CREATE FUNCTION radius.fresh_for() RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN interval '15 minutes';

-- The access that holds at an instant: the one rule of `contract_access`, as a log-in reads it.
CREATE FUNCTION radius.held(access text, until timestamptz, access_then text, at timestamptz, released boolean)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN CASE WHEN until IS NULL OR at < until THEN access ELSE access_then END <> 'closed' AND released
                THEN 'full' WHEN until IS NULL OR at < until THEN access ELSE access_then END;

-- When that access ends by itself at the router: only where what follows is worse.
CREATE FUNCTION radius.held_until(access text, until timestamptz, access_then text, at timestamptz, released boolean)
    RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN at < until AND isfinite(until) AND access IN ('full', 'reduced') AND NOT released
                     AND radius.rank_of(access_then) > radius.rank_of(access) THEN until END;

-- Whether a session has to be moved. Ends may differ by the seconds that an order travels. A session whose state nobody
-- knows (it began under another system) counts as open. STABLE, as its arithmetic of instants is: said to be more than
-- that, it would be called for each session in place of being put into what asks (12 us each).
CREATE FUNCTION radius.drifts(applied text, applied_until timestamptz, wanted text, wanted_until timestamptz)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(applied, 'full') <> wanted
           OR (wanted IN ('full', 'reduced')
               AND coalesce(applied_until, 'infinity') NOT BETWEEN coalesce(wanted_until, 'infinity') - interval '5 s'
                                                               AND coalesce(wanted_until, 'infinity') + interval '5 s');

-- Live sessions with the state that they should be in. The word that a contract is blocked goes out before the wall, which
-- waits for it while it is on its way to its channel, a minute and no longer: the block is in the books all the while, and
-- whoever dials anew is walled.
CREATE VIEW radius.live AS
WITH n AS MATERIALIZED (SELECT radius.released() AS released)  -- once, and so that the functions below are put in
SELECT s.id, s.unique_id, s.session_id, s.username, s.contract_id, s.nas_id, s.nas_address, s.framed_ipv4,
       s.framed_ipv6_prefix, s.delegated_ipv6_prefix, s.applied_state, s.applied_at, s.applied_until, s.verified_at,
       s.started_at, s.updated_at, s.push_tries, s.push_after, s.push_outcome, s.contradicted, a.changed_at,
       h.wanted, h.wanted_until,
       radius.drifts(s.applied_state, s.applied_until, h.wanted, h.wanted_until)
       AND NOT (h.wanted = 'walled' AND a.changed_at > now() - interval '60 s'
                AND EXISTS (SELECT FROM public.message m
                             WHERE m.contract_id = s.contract_id AND m.kind = 'blocked'
                               AND m.state IN ('queued', 'sending') AND m.created_at >= a.changed_at)) AS drifts
  FROM n CROSS JOIN public.session_live s JOIN public.contract_access a ON a.contract_id = s.contract_id
 CROSS JOIN LATERAL (SELECT radius.held(a.access, a.until, a.access_then, now(), n.released) AS wanted,
                            radius.held_until(a.access, a.until, a.access_then, now(), n.released) AS wanted_until
                     OFFSET 0) h;  -- worked out once, and not wherever it is named

-- One order: a session, the state it should be in, and what its kind of router needs to know for it.
CREATE TYPE radius.push AS (
    session bigint, contract bigint, nas bigint, nas_address text, unique_id text, session_id text, username text,
    ipv4 text, wanted text, wanted_until timestamptz, applied text, seconds_old integer, tries smallint,
    contradicted smallint, due boolean, up integer, down integer, burst text, voice boolean, changed_at timestamptz,
    cause text);

-- A set, though of one, so that PostgreSQL puts it into the query that asks.
CREATE FUNCTION radius.push_of(l radius.live) RETURNS SETOF radius.push
    LANGUAGE sql STABLE AS $$
    SELECT l.id, l.contract_id, l.nas_id, host(l.nas_address), l.unique_id, l.session_id, l.username,
           host(l.framed_ipv4), l.wanted, l.wanted_until, l.applied_state,
           extract(epoch FROM now() - l.started_at)::integer, l.push_tries, l.contradicted, l.drifts,
           coalesce(r.up_kbps, p.up_kbps), coalesce(r.down_kbps, p.down_kbps),
           coalesce(radius.burst_of(
               coalesce(r.burst_up_kbps, p.burst_up_kbps), coalesce(r.burst_down_kbps, p.burst_down_kbps),
               coalesce(r.burst_threshold_up_kbps, p.burst_threshold_up_kbps),
               coalesce(r.burst_threshold_down_kbps, p.burst_threshold_down_kbps),
               coalesce(r.burst_seconds, p.burst_seconds)), ''),
           c.wall_lets_voice, l.changed_at,
           (SELECT h.cause FROM public.access_change h WHERE h.contract_id = l.contract_id ORDER BY h.seq DESC LIMIT 1)
      FROM public.contract c
      LEFT JOIN public.access_record r ON r.username = l.username
      LEFT JOIN public.plan p ON p.id = c.plan_id
     WHERE c.id = l.contract_id
$$;

-- Sessions that may disagree, without looking at all: those that are not plainly open beside the contracts that are not
-- (two short lists, laid side by side), and of what stands on one list alone the other half. A second session of one
-- contract may be missed here; it is found by its change, or by the look at every session.
CREATE FUNCTION radius.suspects() RETURNS SETOF bigint
    LANGUAGE sql STABLE AS $$
    WITH n AS MATERIALIZED (SELECT radius.released() AS released),
    troubled AS MATERIALIZED (
        SELECT contract_id, radius.held(access, until, access_then, now(), n.released) AS wanted,
               radius.held_until(access, until, access_then, now(), n.released) AS wanted_until
          FROM n CROSS JOIN public.contract_access
         WHERE status NOT IN ('current', 'terminated') AND (access <> 'full' OR access_then <> 'full')),
    special AS MATERIALIZED (
        SELECT id, contract_id, applied_state, applied_until FROM public.session_live
         WHERE applied_state IN ('closed', 'reduced', 'walled') OR applied_until IS NOT NULL)
    SELECT s.id FROM special s JOIN troubled t USING (contract_id)
     WHERE radius.drifts(s.applied_state, s.applied_until, t.wanted, t.wanted_until)
    UNION ALL
    SELECT s.id FROM special s WHERE NOT EXISTS (SELECT FROM troubled t WHERE t.contract_id = s.contract_id)
    UNION ALL
    SELECT l.id FROM troubled t JOIN public.session_live l USING (contract_id)
     WHERE NOT EXISTS (SELECT FROM special s WHERE s.contract_id = t.contract_id)
$$;

-- Fresh sessions that are not in their state, restores first; `skip`: routers that are known to be silent. `whole` looks
-- at every session; it costs by the base, and is for once in a while.
CREATE FUNCTION radius.drifting(skip inet[], whole boolean, most integer) RETURNS SETOF radius.push
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found bigint[];
BEGIN
    IF whole THEN
        found := ARRAY (SELECT l.id FROM radius.live l WHERE l.drifts);
    ELSE
        found := ARRAY (SELECT radius.suspects());
    END IF;
    RETURN QUERY
    SELECT o.* FROM radius.live l CROSS JOIN LATERAL radius.push_of(l) o
     WHERE l.id = ANY (found) AND l.drifts AND l.nas_id IS NOT NULL AND l.nas_address <> ALL (skip)
       AND l.updated_at > now() - radius.fresh_for() AND (l.push_after IS NULL OR l.push_after <= now())
     ORDER BY radius.rank_of(l.wanted), l.push_tries, l.id LIMIT most;
END $$;

-- The fresh sessions of some contracts, whether they disagree (`due`) or not: what is under way for those that agree by
-- now is to be forgotten. A new fact is a new order: earlier failures do not delay it.
CREATE FUNCTION radius.sessions_of(contracts bigint[]) RETURNS SETOF radius.push
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT o.* FROM radius.live l CROSS JOIN LATERAL radius.push_of(l) o
     WHERE l.contract_id = ANY (contracts) AND l.nas_id IS NOT NULL AND l.updated_at > now() - radius.fresh_for()
     ORDER BY radius.rank_of(l.wanted), l.id;
END $$;

-- Routers that take orders, each with what is needed to reach it; `secret` leaves the database only here.
CREATE FUNCTION radius.routers()
    RETURNS TABLE (nas bigint, name text, vendor text, port integer, source text, secret text, room smallint,
                   shadow boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT n.id, n.name, n.vendor, n.coa_port, host(n.source), s.secret, n.coa_window, n.shadow
      FROM public.nas n JOIN radius_secret.nas_secret s ON s.nas_id = n.id
     WHERE n.enabled AND n.reach = 'coa';
END $$;

-- How each kind of router is spoken to, and what it hears in an order.
CREATE FUNCTION radius.vendors()
    RETURNS TABLE (vendor text, moved_by text, timeout_from text, shown_by text, identified_by text[], access text,
                   attributes text[], templates text[], facts text[])
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT v.vendor, v.moved_by, v.timeout_from, v.shown_by, v.identified_by, t.access, t.attributes, t.templates, t.facts
      FROM radius.vendor v LEFT JOIN radius.reply t ON t.vendor = v.vendor AND t.purpose = 'push';
END $$;

-- Keeps what became of orders, all that came back together in one statement. Arrays of one length; `outcomes` are those
-- of `domain/pushing.py`. What is applied is only written where it was ordered: a session that is gone stays gone.
CREATE FUNCTION radius.pushed(
        sessions bigint[], contracts bigint[], routers bigint[], uniques text[], kinds text[], wanteds text[],
        untils timestamptz[], outcomes text[], causes integer[], took real[], again real[])
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.session_live s SET
           applied_state = CASE WHEN p.outcome = 'applied' THEN p.wanted ELSE s.applied_state END,
           applied_until = CASE WHEN p.outcome = 'applied' THEN p.until ELSE s.applied_until END,
           applied_at = CASE WHEN p.outcome = 'applied' THEN now() ELSE s.applied_at END,
           verified_at = CASE WHEN p.outcome = 'applied' THEN NULL ELSE s.verified_at END,
           push_tries = CASE WHEN p.outcome = 'applied' THEN 0 ELSE least(s.push_tries + 1, 1000) END,
           push_after = now() + make_interval(secs => p.again),
           push_outcome = p.outcome
      FROM (SELECT DISTINCT ON (session) * FROM unnest(sessions, wanteds, untils, outcomes, again)
                    WITH ORDINALITY AS p (session, wanted, until, outcome, again, place)
             ORDER BY session, place DESC) p  -- a refused CoA and the disconnect after it come together
     WHERE s.id = p.session;
    INSERT INTO public.coa_log (at, contract_id, session_unique_id, nas_id, kind, wanted, outcome, error_cause, took_ms)
    SELECT now(), p.contract, p.one, p.nas, p.kind, p.wanted, p.outcome, p.cause, p.took
      FROM unnest(contracts, uniques, routers, kinds, wanteds, outcomes, causes, took)
           AS p (contract, one, nas, kind, wanted, outcome, cause, took)
     WHERE p.nas IS NOT NULL;
    PERFORM radius.close_session(s.unique_id, now(), 'Context-Not-Found')
       FROM unnest(sessions, outcomes) AS p (session, outcome) JOIN public.session_live s ON s.id = p.session
      WHERE p.outcome = 'gone';
END $$;

-- What is known of routers now: the last answer, since when there is none, and faults of our configuration.
CREATE FUNCTION radius.router_seen(
        routers bigint[], answered timestamptz[], outcomes text[], silent timestamptz[], alarms text[])
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.nas_health AS h (nas_id, answered_at, outcome, silent_since, alarm, alarm_at)
    SELECT p.nas, p.answered, p.outcome, p.silent, p.alarm, CASE WHEN p.alarm <> '' THEN now() END
      FROM unnest(routers, answered, outcomes, silent, alarms) AS p (nas, answered, outcome, silent, alarm)
      JOIN public.nas n ON n.id = p.nas
    ON CONFLICT (nas_id) DO UPDATE SET
           answered_at = coalesce(excluded.answered_at, h.answered_at),
           outcome = CASE WHEN excluded.outcome = '' THEN h.outcome ELSE excluded.outcome END,
           silent_since = excluded.silent_since, alarm = excluded.alarm,
           alarm_at = CASE WHEN excluded.alarm = h.alarm THEN h.alarm_at ELSE excluded.alarm_at END;
END $$;
