-- What a second server needs to go on alone while the database is away (deploy/freeradius-survival). The role that may
-- ask here gets every password at once: it is a role of its own, so that the one which listens to the network is not it.

-- Every router that may ask.
CREATE FUNCTION radius.survival_routers()
    RETURNS TABLE (id bigint, network inet, vendor text, secret text, signed boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT n.id, n.address, n.vendor, radius.quoted(s.secret), n.settings @> '{"require_message_authenticator": true}'
      FROM public.nas n JOIN radius_secret.nas_secret s ON s.nas_id = n.id WHERE n.enabled;
END $$;

-- Every log-in that is switched on, and what it would be answered if the network were released: full access, or no item
-- if it is closed. `name` is octets in hexadecimal.
CREATE FUNCTION radius.survival_logins(asking text) RETURNS TABLE (name text, items jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT l.called, coalesce((SELECT jsonb_agg(jsonb_build_array(i.attribute, i.value, i.op))
                                 FROM radius.answer(l.called, l.station, asking, now(), true) i), '[]')
      FROM (SELECT encode(convert_to(r.username, 'UTF8'), 'hex') AS called,
                   coalesce(encode(convert_to(r.mac, 'UTF8'), 'hex'), '') AS station
              FROM public.access_record r WHERE r.enabled) l;
END $$;

-- How many that are.
CREATE FUNCTION radius.survival_count() RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT count(*) FROM public.access_record r WHERE r.enabled);
END $$;
