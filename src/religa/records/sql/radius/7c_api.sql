-- Routers that hold their log-ins themselves and are told over their API (installation mode c): what the reconciler asks.

-- `secret` is the password of the API; `settings` says who logs in there and how a log-in is walled.
CREATE FUNCTION radius.api_routers() RETURNS TABLE (nas bigint, name text, host text, secret text, shadow boolean, settings jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT n.id, n.name, host(n.address), s.secret, n.shadow, n.settings
      FROM public.nas n JOIN radius_secret.nas_secret s ON s.nas_id = n.id
     WHERE n.enabled AND n.reach = 'routeros_api';
END $$;

-- The access that each of some log-ins should have now; no row for a log-in that we do not know.
CREATE FUNCTION radius.wanted_of(logins text[]) RETURNS TABLE (username text, contract bigint, wanted text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE let_go boolean := radius.released();
BEGIN
    RETURN QUERY
    SELECT r.username, r.contract_id,
           CASE WHEN r.enabled THEN radius.held(a.access, a.until, a.access_then, now(), let_go) ELSE 'closed' END
      FROM unnest(logins) l JOIN public.access_record r ON r.username = l
      JOIN public.contract_access a ON a.contract_id = r.contract_id;
END $$;

-- Keeps what was changed on routers over their API, in one statement; arrays of one length.
CREATE FUNCTION radius.told_by_api(contracts bigint[], routers bigint[], logins text[], wanteds text[], outcomes text[])
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.coa_log (at, contract_id, session_unique_id, nas_id, kind, wanted, outcome)
    SELECT now(), p.contract, p.login, p.nas, 'routeros_api', p.wanted, p.outcome
      FROM unnest(contracts, routers, logins, wanteds, outcomes) AS p (contract, nas, login, wanted, outcome);
END $$;

-- The switch of the whole network, for a role that may read no table.
CREATE FUNCTION radius.is_let_go() RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ BEGIN RETURN radius.released(); END $$;
