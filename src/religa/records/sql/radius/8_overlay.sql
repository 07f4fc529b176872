-- What is laid over the answer of the RADIUS that was there before us (deploy/freeradius-proxy). It says who comes in
-- and with which address; we say who stands in the wall and when an unlock on trust ends. No rule lives here either.

-- Attributes that give an address: the old system's word, also in the wall.
CREATE FUNCTION radius.gives_address(attribute text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN starts_with(attribute, 'Framed-') OR starts_with(attribute, 'Delegated-') OR right(attribute, 5) = '-Pool';

-- Whether this item is the wall itself, and not a subscriber's address: to some routers the wall is a pool.
CREATE FUNCTION radius.is_wall(asking text, access text, item radius.item) RETURNS boolean
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM radius.reply_template t
                    WHERE t.vendor IN (is_wall.asking, 'generic') AND t.access = is_wall.access
                      AND t.attribute = (item).attribute AND t.template = (item).value);
END $$;

-- No row: what the old system answers goes out unaltered (unknown to us, full without an end, closed, released).
-- Otherwise `Religa-Verdict`, which says how much is ours: `full` (an end and its Class), `reduced` or `walled` (all
-- but addresses). Passwords and the MAC address are the old system's business.
CREATE FUNCTION radius.overlay(name text, asking text) RETURNS SETOF radius.item
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    station text;
    ours radius.item[];
    verdict text;
BEGIN
    IF (SELECT NOT s.enforce FROM public.network_switch s) THEN
        RETURN;
    END IF;
    SELECT coalesce(encode(convert_to(r.mac, 'UTF8'), 'hex'), '') INTO station
      FROM public.access_record r WHERE r.username = radius.text_of(name);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    ours := ARRAY(SELECT i FROM radius.answer(name, station, asking, now()) i);
    verdict := (SELECT radius.access_of(i.value) FROM unnest(ours) i WHERE i.attribute = 'Class');
    IF verdict = 'full' THEN
        ours := ARRAY(SELECT i FROM unnest(ours) i WHERE i.attribute IN ('Session-Timeout', 'Class'));
    END IF;
    IF verdict IS NULL OR (verdict = 'full' AND cardinality(ours) < 2) THEN
        RETURN;
    END IF;
    RETURN NEXT ROW('Religa-Verdict', verdict, ':=')::radius.item;
    RETURN QUERY SELECT i.* FROM unnest(ours) i
                  WHERE NOT starts_with(i.attribute, 'Religa-')
                    AND (NOT radius.gives_address(i.attribute) OR radius.is_wall(asking, verdict, i));
END $$;
