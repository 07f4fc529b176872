-- Which router may ask, and with which secret.

-- No row: unknown, and FreeRADIUS stays silent. Asked when an address first speaks and once per `lifetime` after it,
-- so the scan of the list does not matter. The narrowest network wins.
CREATE FUNCTION radius.nas(address text) RETURNS SETOF radius.item
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asking inet := address::inet;
    router record;
BEGIN
    SELECT n.id, n.vendor, radius.quoted(s.secret) AS secret,
           n.settings @> '{"require_message_authenticator": true}' AS signed
      INTO router
      FROM public.nas n JOIN radius_secret.nas_secret s ON s.nas_id = n.id
     WHERE n.enabled AND asking <<= n.address
     ORDER BY masklen(n.address) DESC, n.id LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN NEXT ROW(CASE family(asking) WHEN 4 THEN 'FreeRADIUS-Client-IP-Address'
                                        ELSE 'FreeRADIUS-Client-IPv6-Address' END, host(asking), ':=')::radius.item;
    RETURN NEXT ROW('FreeRADIUS-Client-Secret', router.secret, ':=')::radius.item;
    RETURN NEXT ROW('FreeRADIUS-Client-Shortname', router.id::text, ':=')::radius.item;
    RETURN NEXT ROW('FreeRADIUS-Client-NAS-Type', router.vendor, ':=')::radius.item;
    RETURN NEXT ROW('FreeRADIUS-Client-Require-MA', CASE WHEN router.signed THEN 'yes' ELSE 'no' END, ':='
                   )::radius.item;
END $$;
