-- What each kind of router needs to hear, per access: data, so that a vendor is a few rows (docs/operators/vendors.md).

-- `moved_by`: coa, or disconnect where the router cannot change a session that runs. `timeout_from`: from when it counts
-- a Session-Timeout in a CoA, `receipt` or `start` of the session; `never` where it cannot change it. `shown_by`: which
-- accounting attribute shows the state that is in force (`class`, `filter_id`, empty: none), so that an order that was
-- acknowledged and not obeyed is seen. `identified_by`: what an order names the session by. `verified`: how all this is
-- known.
CREATE TABLE IF NOT EXISTS radius.vendor (
    vendor text PRIMARY KEY CHECK (vendor ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    title text NOT NULL,
    moved_by text NOT NULL DEFAULT 'coa' CHECK (moved_by IN ('coa', 'disconnect')),
    timeout_from text NOT NULL DEFAULT 'receipt' CHECK (timeout_from IN ('receipt', 'start', 'never')),
    shown_by text NOT NULL DEFAULT '' CHECK (shown_by IN ('', 'class', 'filter_id')),
    identified_by text[] NOT NULL DEFAULT '{User-Name,Acct-Session-Id,Framed-IP-Address}',
    verified text NOT NULL,
    changed_by text NOT NULL DEFAULT ''
);

-- `purpose`: `login` for the Access-Accept, `push` for a CoA (RFC 5176). A kind of router without rows for a push hears
-- those of the log-in, but for addresses, which a session keeps.
-- `fact` names what must be known for the row to be sent, and `{}` in the template stands for it: ipv4, pool,
-- ipv6_prefix_pool, ipv6_pd_pool. With `rate` the template may say {up}, {down} (kbit/s) and {burst} (as RouterOS
-- writes it after the rates). With `wall` it may say {voice}: `-voice` where telephony and alarms pass the wall.
-- An empty fact is always known.
CREATE TABLE IF NOT EXISTS radius.reply_template (
    vendor text NOT NULL REFERENCES radius.vendor ON DELETE CASCADE,
    purpose text NOT NULL DEFAULT 'login' CHECK (purpose IN ('login', 'push')),
    access text NOT NULL CHECK (access IN ('full', 'reduced', 'walled')),
    position smallint NOT NULL DEFAULT 0,
    attribute text NOT NULL,
    op text NOT NULL DEFAULT ':=' CHECK (op IN (':=', '+=', '=')),
    template text NOT NULL,
    fact text NOT NULL DEFAULT ''
        CHECK (fact IN ('', 'rate', 'wall', 'ipv4', 'pool', 'ipv6_prefix_pool', 'ipv6_pd_pool')),
    PRIMARY KEY (vendor, purpose, access, attribute, position)
);

-- What a row may be. Put on anew each time, so that older tables get what is added here. An attribute may carry a tag
-- (RFC 2868), as in `ERX-Service-Activate:1`. FreeRADIUS reads values of 253 octets; control characters reach no router.
ALTER TABLE radius.reply_template
    DROP CONSTRAINT IF EXISTS reply_template_attribute_check,
    DROP CONSTRAINT IF EXISTS reply_template_attribute_form,
    DROP CONSTRAINT IF EXISTS reply_template_not_ours,
    DROP CONSTRAINT IF EXISTS reply_template_value_form,
    DROP CONSTRAINT IF EXISTS reply_template_fact_fills,
    ADD CONSTRAINT reply_template_attribute_form CHECK (attribute ~ '^[A-Za-z0-9-]+(:([1-9]|[12][0-9]|3[01]))?$'),
    ADD CONSTRAINT reply_template_not_ours CHECK (
        split_part(attribute, ':', 1)
        !~* '^(religa-.*|class|session-timeout|termination-action|message-authenticator|event-timestamp)$'),
    ADD CONSTRAINT reply_template_value_form CHECK (
        octet_length(template) BETWEEN 1 AND 253 AND template !~ '[[:cntrl:]]'),
    ADD CONSTRAINT reply_template_fact_fills CHECK (
        CASE fact WHEN '' THEN template
                  WHEN 'rate' THEN regexp_replace(template, '\{(up|down|burst|up_bps|down_bps)\}', '', 'g')
                  WHEN 'wall' THEN replace(template, '{voice}', '')
                  ELSE replace(template, '{}', '') END !~ '[{}]');

-- The same, ready to be sent: one row holds all that a kind of router hears, so that a log-in reads one row.
CREATE TABLE radius.reply (
    vendor text,
    purpose text,
    access text,
    attributes text[] NOT NULL,
    ops text[] NOT NULL,
    templates text[] NOT NULL,
    facts text[] NOT NULL,
    PRIMARY KEY (vendor, purpose, access)
);

CREATE FUNCTION radius.make_replies() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    LOCK TABLE radius.reply IN SHARE ROW EXCLUSIVE MODE;  -- two who save at once
    DELETE FROM radius.reply;
    INSERT INTO radius.reply
    SELECT vendor, spoken.purpose, access, array_agg(attribute ORDER BY position, attribute),
           array_agg(op ORDER BY position, attribute), array_agg(template ORDER BY position, attribute),
           array_agg(fact ORDER BY position, attribute)
      FROM (SELECT * FROM radius.reply_template
            UNION ALL
            SELECT t.vendor, 'push', t.access, t.position, t.attribute, t.op, t.template, t.fact
              FROM radius.reply_template t
             WHERE t.purpose = 'login' AND t.fact IN ('', 'rate', 'wall')
               AND NOT EXISTS (SELECT FROM radius.reply_template p
                                WHERE p.vendor = t.vendor AND p.purpose = 'push')) spoken
     GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;
CREATE TRIGGER reply_template_is_ready AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE
    ON radius.reply_template FOR EACH STATEMENT EXECUTE FUNCTION radius.make_replies();

-- What a kind of router hears of itself, whatever is known of the log-in: the rows by which its states differ.
CREATE VIEW radius.always_said AS
SELECT vendor, purpose, access, lower(attribute) AS attribute, said.template
  FROM (SELECT * FROM radius.reply_template
        UNION ALL
        SELECT t.vendor, 'push', t.access, t.position, t.attribute, t.op, t.template, t.fact
          FROM radius.reply_template t
         WHERE t.purpose = 'login'
           AND NOT EXISTS (SELECT FROM radius.reply_template p WHERE p.vendor = t.vendor AND p.purpose = 'push')) t
 CROSS JOIN LATERAL (SELECT replace(t.template, '{voice}', '') AS template
                     UNION SELECT replace(t.template, '{voice}', '-voice')) said
 WHERE t.fact IN ('', 'wall');

-- Which promise about the rows of one kind of router, taken together, is broken; null: none.
CREATE FUNCTION radius.broken_promise(which text) RETURNS text
    LANGUAGE plpgsql STABLE AS $$
DECLARE moved text := (SELECT v.moved_by FROM radius.vendor v WHERE v.vendor = which);
BEGIN
    IF moved IS NULL THEN
        RETURN NULL;  -- it went, and its rows with it
    END IF;
    -- An answer without rows for a state would be no state at all.
    IF EXISTS (SELECT FROM unnest('{full,reduced,walled}'::text[]) a (access), unnest('{login,push}'::text[]) p (purpose)
                WHERE (p.purpose = 'login' OR EXISTS (SELECT FROM radius.reply_template t
                                                       WHERE t.vendor = which AND t.purpose = 'push'))
                  AND NOT EXISTS (SELECT FROM radius.reply_template t WHERE t.vendor = which
                                     AND t.purpose = p.purpose AND t.access = a.access)) THEN
        RETURN 'reply_template_every_access';
    END IF;
    -- A wall that says nothing of its own is open. In an order it may say less than full access does, which there also
    -- switches the wall off; but not the same.
    IF NOT EXISTS (SELECT attribute, template FROM radius.always_said
                    WHERE vendor = which AND purpose = 'login' AND access = 'walled'
                   EXCEPT SELECT attribute, template FROM radius.always_said
                           WHERE vendor = which AND purpose = 'login' AND access = 'full')
       OR (moved = 'coa'
           AND NOT EXISTS (SELECT attribute, template FROM radius.always_said
                            WHERE vendor = which AND purpose = 'push' AND access IN ('full', 'walled')
                            GROUP BY 1, 2 HAVING count(DISTINCT access) = 1)) THEN
        RETURN 'reply_template_wall_closed';
    END IF;
    -- An address stays in the list it was in (RouterOS) unless another list is named.
    IF EXISTS (SELECT FROM radius.always_said f
                WHERE f.vendor = which AND f.access = 'full' AND f.attribute ~ '(-list|^filter-id)(:|$)'
                  AND (f.purpose = 'login' OR moved = 'coa')
                  AND (NOT EXISTS (SELECT FROM radius.always_said w
                                    WHERE w.vendor = which AND w.purpose = f.purpose AND w.access = 'walled'
                                      AND w.attribute = f.attribute)
                       OR EXISTS (SELECT FROM radius.always_said w
                                   WHERE w.vendor = which AND w.purpose = f.purpose AND w.access = 'walled'
                                     AND w.attribute = f.attribute AND w.template = f.template))) THEN
        RETURN 'reply_template_list_left';
    END IF;
    IF moved = 'coa' AND EXISTS (SELECT FROM unnest('{full,reduced,walled}'::text[]) a (access)
                                  WHERE NOT EXISTS (SELECT FROM radius.always_said s WHERE s.vendor = which
                                                       AND s.purpose = 'push' AND s.access = a.access)) THEN
        RETURN 'vendor_coa_says_something';
    END IF;
    RETURN NULL;
END $$;

-- Looked at when a transaction ends: rows are written one by one.
CREATE FUNCTION radius.vendor_keeps_promises() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    which text := CASE TG_OP WHEN 'DELETE' THEN OLD.vendor ELSE NEW.vendor END;
    broken text := radius.broken_promise(which);
BEGIN
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'the templates of vendor % do not hold together', which
            USING ERRCODE = 'check_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER reply_template_keeps_promises AFTER INSERT OR UPDATE OR DELETE ON radius.reply_template
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION radius.vendor_keeps_promises();
CREATE CONSTRAINT TRIGGER vendor_keeps_promises AFTER INSERT OR UPDATE ON radius.vendor
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION radius.vendor_keeps_promises();
