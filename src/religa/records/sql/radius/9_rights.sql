-- The doors are open to FreeRADIUS, and nothing else is to anybody: by default everybody may execute a new function.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA radius FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA radius FROM PUBLIC;
GRANT USAGE ON SCHEMA radius TO religa_radius;
GRANT EXECUTE ON FUNCTION
    radius.answer(text, text, text),
    radius.nas(text),
    radius.account(text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text,
                   text, text, text)
TO religa_radius;

-- The reconciler needs the routers' secrets, and no page does: a role of its own.
GRANT USAGE ON SCHEMA radius TO religa_network;
GRANT EXECUTE ON FUNCTION
    radius.drifting(bigint[], boolean, integer),
    radius.sessions_of(bigint[]),
    radius.routers(),
    radius.vendors(),
    radius.pushed(bigint[], bigint[], bigint[], text[], text[], text[], timestamptz[], text[], integer[], real[], real[]),
    radius.router_seen(bigint[], timestamptz[], text[], timestamptz[], text[])
TO religa_network;

-- Pages read what the network is in, and staff may change what a kind of router hears.
GRANT SELECT ON radius.live TO religa_app;
-- A view's functions are called in the name of who reads it.
GRANT EXECUTE ON FUNCTION
    radius.held(text, timestamptz, text, timestamptz),
    radius.held_until(text, timestamptz, text, timestamptz),
    radius.drifts(text, timestamptz, text, timestamptz),
    radius.rank_of(text),
    radius.fresh_for()
TO religa_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON radius.vendor, radius.reply_template TO religa_app;
