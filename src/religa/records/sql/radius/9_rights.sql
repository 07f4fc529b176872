-- The doors are open to FreeRADIUS, and nothing else is to anybody: by default everybody may execute a new function.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA radius FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA radius FROM PUBLIC;
GRANT USAGE ON SCHEMA radius TO religa_radius;
GRANT EXECUTE ON FUNCTION
    radius.answer(text, text, text, timestamptz, boolean),
    radius.nas(text),
    radius.nas_named(text),
    radius.overlay(text, text),
    radius.account(text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text,
                   text, text, text)
TO religa_radius;

-- The reconciler needs the routers' secrets, and no page does: a role of its own.
GRANT USAGE ON SCHEMA radius TO religa_network;
GRANT EXECUTE ON FUNCTION
    radius.drifting(inet[], boolean, integer),
    radius.sessions_of(bigint[]),
    radius.routers(),
    radius.vendors(),
    radius.pushed(bigint[], bigint[], bigint[], text[], text[], text[], timestamptz[], text[], integer[], real[], real[]),
    radius.router_seen(bigint[], timestamptz[], text[], timestamptz[], text[]),
    radius.is_let_go(),
    radius.api_routers(),
    radius.wanted_of(text[]),
    radius.told_by_api(bigint[], bigint[], text[], text[], text[]),
    radius.tests_waiting(),
    radius.test_done(bigint, text, integer, real)
TO religa_network;

-- Pages read what the network is in, and staff may change what a kind of router hears.
GRANT SELECT ON radius.live TO religa_app;
GRANT EXECUTE ON FUNCTION  -- what a view calls is called by whoever reads it
    radius.rank_of(text),
    radius.released(),
    radius.held(text, timestamptz, text, timestamptz, boolean),
    radius.held_until(text, timestamptz, text, timestamptz, boolean),
    radius.drifts(text, timestamptz, text, timestamptz),
    radius.fresh_for(),
    radius.close_silent(integer)
TO religa_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON radius.vendor, radius.reply_template TO religa_app;

-- The export for a second server holds every password: a role of its own, so that what listens to the network is not it.
GRANT EXECUTE ON FUNCTION radius.survival_routers(), radius.survival_logins(text), radius.survival_count()
TO religa_survival;
GRANT SELECT ON radius.shipped_vendor, radius.shipped_template TO religa_app;
