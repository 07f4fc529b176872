-- What Django's models cannot say: other schemas, partitions, storage, indexes for search.

CREATE SCHEMA IF NOT EXISTS radius;
CREATE SCHEMA IF NOT EXISTS radius_secret;
REVOKE ALL ON SCHEMA radius, radius_secret FROM PUBLIC;

CREATE TABLE radius_secret.network_password (
    access_record_id bigint PRIMARY KEY
        CONSTRAINT network_password_access_record_fk REFERENCES public.access_record ON DELETE CASCADE,
    clear text,
    hash text,
    scheme text NOT NULL,
    CONSTRAINT network_password_clear_or_hash CHECK ((clear IS NULL) <> (hash IS NULL)),
    CONSTRAINT network_password_scheme_known CHECK (scheme IN ('clear', 'crypt', 'bcrypt', 'nt', 'ssha', 'ssha2'))
);

CREATE TABLE radius_secret.nas_secret (
    nas_id bigint PRIMARY KEY CONSTRAINT nas_secret_nas_fk REFERENCES public.nas ON DELETE CASCADE,
    secret text NOT NULL,
    CONSTRAINT nas_secret_not_empty CHECK (secret <> '')
);

-- The same columns as session_live (the row moves, and keeps its number), then how it ended. A repeated Stop is
-- made harmless by the accounting function.
CREATE TABLE session_log (
    LIKE session_live,
    stopped_at timestamptz NOT NULL,
    terminate_cause text NOT NULL DEFAULT '',
    CONSTRAINT session_log_pkey PRIMARY KEY (id, stopped_at)
) PARTITION BY RANGE (stopped_at);
ALTER TABLE session_log  -- what is still to be told to the router ends with the session
    DROP push_after, DROP push_outcome, DROP push_tries, DROP contradicted;
CREATE INDEX session_log_contract ON session_log (contract_id, stopped_at);
CREATE INDEX session_log_unique_id ON session_log (unique_id);
CREATE INDEX session_log_framed_ipv4 ON session_log (framed_ipv4, stopped_at);
CREATE INDEX session_log_framed_ipv6 ON session_log USING gist (framed_ipv6_prefix inet_ops);
CREATE INDEX session_log_delegated_ipv6 ON session_log USING gist (delegated_ipv6_prefix inet_ops);
ALTER TABLE session_log ALTER id SET DEFAULT nextval(pg_get_serial_sequence('session_live', 'id'));
CREATE TABLE session_log_default PARTITION OF session_log DEFAULT;

-- Narrow and hot: room on the page lets an update that moves no index stay on it.
ALTER TABLE contract_access SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE session_live SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE charge SET (fillfactor = 80);
CREATE INDEX session_live_framed_ipv6 ON session_live USING gist (framed_ipv6_prefix inet_ops);
CREATE INDEX session_live_delegated_ipv6 ON session_live USING gist (delegated_ipv6_prefix inet_ops);

-- How often something was tried lately (log-in codes), by a digest of who tried. Unlogged: a crash forgets it, and
-- nothing but patience is lost.
CREATE UNLOGGED TABLE throttle (
    scope text NOT NULL,
    who bytea NOT NULL,
    since timestamptz NOT NULL,
    tries integer NOT NULL,
    CONSTRAINT throttle_pkey PRIMARY KEY (scope, who)
);

CREATE SEQUENCE settlement_number AS bigint;
CREATE SEQUENCE protocol_count AS bigint;

-- Lower case without accents. The dictionary is named, so that the result cannot depend on search_path.
CREATE FUNCTION plain(words text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN lower(public.unaccent('public.unaccent'::regdictionary, words));

CREATE INDEX subscriber_name_search ON subscriber USING gin (plain(name) gin_trgm_ops);
CREATE INDEX subscriber_email_search ON subscriber USING gin (lower(email) gin_trgm_ops);
CREATE INDEX subscriber_phone_search ON subscriber_phone USING gin (number gin_trgm_ops);
CREATE INDEX contract_address_search ON contract USING gin (plain(address) gin_trgm_ops);
CREATE INDEX access_record_username_search ON access_record USING gin (lower(username) gin_trgm_ops);
