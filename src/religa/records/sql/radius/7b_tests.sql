-- Tests of a router's CoA port that somebody asked for in the console. The pages cannot read secrets, so that the
-- reconciler sends, and keeps what came of it.

-- What waits, oldest first, with what is needed to send. `address` is null for a router that is a whole network and has
-- no session that would say where one of its members is.
CREATE FUNCTION radius.tests_waiting()
    RETURNS TABLE (test bigint, nas bigint, vendor text, address text, port integer, source text, secret text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT t.id, n.id, n.vendor,
           CASE WHEN masklen(n.address) = CASE family(n.address) WHEN 4 THEN 32 ELSE 128 END
                THEN host(n.address)
                ELSE (SELECT host(s.nas_address) FROM public.session_live s
                       WHERE s.nas_id = n.id AND s.nas_address <<= n.address ORDER BY s.updated_at DESC LIMIT 1) END,
           n.coa_port, host(n.source), s.secret
      FROM public.nas_test t JOIN public.nas n ON n.id = t.nas_id
      JOIN radius_secret.nas_secret s ON s.nas_id = n.id
     WHERE t.answered_at IS NULL ORDER BY t.asked_at;
END $$;

-- Keeps what became of a test; once.
CREATE FUNCTION radius.test_done(test bigint, outcome text, cause integer, took real) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    UPDATE public.nas_test t
       SET answered_at = now(), outcome = test_done.outcome, error_cause = cause, took_ms = took
     WHERE t.id = test AND t.answered_at IS NULL;
END $$;
REVOKE ALL ON FUNCTION radius.tests_waiting(), radius.test_done(bigint, text, integer, real) FROM PUBLIC;
