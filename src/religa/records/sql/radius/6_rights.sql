-- The doors are open to FreeRADIUS, and nothing else is to anybody: by default everybody may execute a new function.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA radius FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA radius FROM PUBLIC;
GRANT USAGE ON SCHEMA radius TO religa_radius;
GRANT EXECUTE ON FUNCTION
    radius.answer(text, text, text),
    radius.nas(text),
    radius.account(text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text,
                   text, text)
TO religa_radius;
