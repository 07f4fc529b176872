-- Which router speaks through a TLS connection (deploy/radsec): its certificate says so, not its address.

-- No row: no router of that name, or switched off; FreeRADIUS is then silent. `name` is the certificate's common name,
-- which is `identifier` on the router's row.
CREATE FUNCTION radius.nas_named(name text) RETURNS SETOF radius.item
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    router record;
BEGIN
    SELECT n.id, n.vendor INTO router FROM public.nas n WHERE n.enabled AND n.identifier = name AND name <> ''
     ORDER BY n.id LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN NEXT ROW('Religa-NAS', router.id::text, ':=')::radius.item;
    RETURN NEXT ROW('Religa-NAS-Type', router.vendor, ':=')::radius.item;
END $$;
