-- How values cross between FreeRADIUS and PostgreSQL.

-- What a NAS or a subscriber typed arrives as octets in hexadecimal, so that no octet can break a statement:
-- Windows-1252 names of router ports are common, and one such log-in must not silence the server.
-- UTF-8 if it is that, else Latin-1; null with a zero octet in it, which no text holds.
CREATE FUNCTION radius.text_of(octets text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN convert_from(decode(octets, 'hex'), 'UTF8');
EXCEPTION WHEN character_not_in_repertoire THEN
    IF octets ~ '^(..)*00' THEN
        RETURN NULL;
    END IF;
    RETURN convert_from(decode(octets, 'hex'), 'LATIN1');
END $$;

-- FreeRADIUS reads escapes in a value, and would run what stands in backquotes; in double quotes it takes it as it is.
-- No regular expression: this runs with every log-in, and each match costs its backend memory that its neighbours lose.
CREATE FUNCTION radius.quoted(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN translate(value, '\"''`', '') = value THEN value
                ELSE '"' || replace(replace(value, '\', '\\'), '"', '\"') || '"' END;

-- AA:BB:CC:DD:EE:FF from any of the ways in which NASes write it; null if it is no MAC address.
CREATE FUNCTION radius.mac_of(station text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN regexp_replace(station, '[:.-]', '', 'g') ~ '^[0-9A-Fa-f]{12}$'
                THEN rtrim(regexp_replace(upper(regexp_replace(station, '[:.-]', '', 'g')), '(..)', '\1:', 'g'), ':')
           END;

-- `Class` goes out with the log-in and comes back with each accounting packet: in which state the session was let in,
-- and until when it may stay so. `trust` is full access that ends by itself (a trust unlock, a window to pay, a hold over
-- an open block); its end follows as seconds since 1970. STABLE, as `extract` is: said to be more, it would be called, and
-- not be put into what asks.
CREATE FUNCTION radius.class_of(access text, ends timestamptz) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE access WHEN 'walled' THEN 'st=blocked' WHEN 'reduced' THEN 'st=reduced'
                       ELSE CASE WHEN ends IS NULL THEN 'st=active'
                                 ELSE 'st=trust:' || ceil(extract(epoch FROM ends))::bigint END END;

-- The access that a router enforces when it let the session in under this `Class`; null if it is none of ours.
CREATE FUNCTION radius.access_of(class text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN class = 'st=active' THEN 'full' WHEN class LIKE 'st=trust%' THEN 'full'
                WHEN class = 'st=reduced' THEN 'reduced' WHEN class = 'st=blocked' THEN 'walled' END;

-- When a session that was let in under this `Class` ends by itself; null: it does not, or the wall's half hour is all.
CREATE FUNCTION radius.end_of(class text) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN class ~ '^st=trust:[0-9]{1,11}$' THEN to_timestamp(substr(class, 10)::bigint) END;

-- Whether the whole network was let go (`religa network release`): then nothing but `closed` is enforced.
CREATE FUNCTION radius.released() RETURNS boolean
    LANGUAGE sql STABLE RETURN coalesce((SELECT NOT s.enforce FROM public.network_switch s), false);
