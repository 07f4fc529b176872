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
    attribute text NOT NULL CHECK (attribute ~ '^[A-Za-z0-9-]+(:[0-9]{1,2})?$'),  -- a tag, as in RFC 2868
    op text NOT NULL DEFAULT ':=' CHECK (op IN (':=', '+=', '=')),
    template text NOT NULL,
    fact text NOT NULL DEFAULT ''
        CHECK (fact IN ('', 'rate', 'wall', 'ipv4', 'pool', 'ipv6_prefix_pool', 'ipv6_pd_pool')),
    PRIMARY KEY (vendor, purpose, access, attribute, position),
    CONSTRAINT reply_template_not_ours CHECK (
        attribute !~* '^(religa-.*|class|session-timeout|termination-action|message-authenticator|event-timestamp)$')
);

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

CREATE FUNCTION radius.make_replies() RETURNS trigger LANGUAGE plpgsql AS $$
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

INSERT INTO radius.vendor (vendor, title, moved_by, timeout_from, shown_by, identified_by, verified) VALUES
('mikrotik', 'MikroTik RouterOS, PPPoE', 'coa', 'receipt', '', '{User-Name,Acct-Session-Id,Framed-IP-Address}',
 'Documentation only: Mikrotik-Rate-Limit and Session-Timeout are in MikroTik''s list of what a CoA may change, '
 'Mikrotik-Address-List is not, though other systems rely on it. Try it on one router before you go live.'),
('mikrotik-hotspot', 'MikroTik RouterOS, hotspot', 'coa', 'receipt', '',
 '{User-Name,Acct-Session-Id,Framed-IP-Address}',
 'Documentation only. A hotspot finds its session by Framed-IP-Address.'),
('huawei', 'Huawei NE40E, ME60 (EDSG)', 'coa', 'receipt', '', '{User-Name,Acct-Session-Id}',
 'Documentation only (HW-Policy-Name, 26-95; the router needs radius-attribute hw-policy-name support-type edsg).'),
('cisco-isg', 'Cisco IOS XE, ISG', 'coa', 'receipt', '', '{User-Name,Acct-Session-Id}',
 'Documentation only (subscriber:command in Cisco-AVPair).'),
('juniper-erx', 'Juniper MX, subscriber management', 'coa', 'receipt', '', '{User-Name,Acct-Session-Id}',
 'Documentation only (ERX-Service-Activate and ERX-Service-Deactivate, 26-65 and 26-66).'),
('accel', 'accel-ppp', 'disconnect', 'receipt', '', '{User-Name,Acct-Session-Id,Framed-IP-Address}',
 'Disconnect was acknowledged by a running accel-ppp (IPoE). Its wall is an address pool here, which a CoA cannot change.'),
('generic', 'Any router with filters by name', 'coa', 'receipt', 'filter_id',
 '{User-Name,Acct-Session-Id,Framed-IP-Address}',
 'The wire format against FreeRADIUS as CoA server; no router of this kind was tried.'),
('disconnect', 'Any router that only knows Disconnect', 'disconnect', 'never', '',
 '{User-Name,Acct-Session-Id,Framed-IP-Address}',
 'The wire format against FreeRADIUS as CoA server; the redial gets the right answer.')
ON CONFLICT DO NOTHING;

-- Addresses stay the same in the wall, so that a session can go in and out of it without being dropped.
INSERT INTO radius.reply_template (vendor, access, attribute, template, fact)
SELECT vendor, access, attribute, '{}', fact
  FROM radius.vendor,
       (VALUES ('full'), ('reduced'), ('walled')) a (access),
       (VALUES ('Framed-IP-Address', 'ipv4'), ('Framed-Pool', 'pool'), ('Framed-IPv6-Pool', 'ipv6_prefix_pool'),
               ('Delegated-IPv6-Prefix-Pool', 'ipv6_pd_pool')) f (attribute, fact)
 WHERE vendor IN ('mikrotik', 'mikrotik-hotspot', 'huawei', 'cisco-isg', 'juniper-erx', 'accel', 'generic', 'disconnect')
   AND NOT (vendor = 'accel' AND access = 'walled')
   AND NOT (vendor LIKE 'mikrotik%' AND fact = 'ipv6_pd_pool')
ON CONFLICT DO NOTHING;

INSERT INTO radius.reply_template (vendor, access, attribute, template, fact) VALUES
-- RouterOS leaves an address in its old list unless another list is named: always one of them. Rates are seen from
-- the router: what it receives (the subscriber's upload) first.
('mikrotik', 'full', 'Mikrotik-Address-List', 'isp-active', ''),
('mikrotik', 'full', 'Mikrotik-Rate-Limit', '{up}k/{down}k{burst}', 'rate'),
('mikrotik', 'full', 'Mikrotik-Delegated-IPv6-Pool', '{}', 'ipv6_pd_pool'),
('mikrotik', 'reduced', 'Mikrotik-Address-List', 'isp-active', ''),
('mikrotik', 'reduced', 'Mikrotik-Rate-Limit', '1024k/1024k', ''),
('mikrotik', 'reduced', 'Mikrotik-Delegated-IPv6-Pool', '{}', 'ipv6_pd_pool'),
('mikrotik', 'walled', 'Mikrotik-Address-List', 'isp-blocked{voice}', 'wall'),
('mikrotik', 'walled', 'Mikrotik-Rate-Limit', '512k/512k', ''),
('mikrotik', 'walled', 'Mikrotik-Delegated-IPv6-Pool', '{}', 'ipv6_pd_pool'),
('mikrotik-hotspot', 'full', 'Mikrotik-Address-List', 'isp-active', ''),
('mikrotik-hotspot', 'full', 'Mikrotik-Rate-Limit', '{up}k/{down}k{burst}', 'rate'),
('mikrotik-hotspot', 'reduced', 'Mikrotik-Address-List', 'isp-active', ''),
('mikrotik-hotspot', 'reduced', 'Mikrotik-Rate-Limit', '1024k/1024k', ''),
('mikrotik-hotspot', 'walled', 'Mikrotik-Address-List', 'isp-blocked{voice}', 'wall'),
('mikrotik-hotspot', 'walled', 'Mikrotik-Rate-Limit', '512k/512k', ''),
-- An EDSG service policy by name, configured on the router.
('huawei', 'full', 'Huawei-Policy-Name', 'isp-active', ''),
('huawei', 'full', 'Huawei-Input-Average-Rate', '{up_bps}', 'rate'),
('huawei', 'full', 'Huawei-Output-Average-Rate', '{down_bps}', 'rate'),
('huawei', 'reduced', 'Huawei-Policy-Name', 'isp-reduced', ''),
('huawei', 'walled', 'Huawei-Policy-Name', 'isp-blocked{voice}', 'wall'),
-- accel-ppp shapes by Filter-Id (kbit/s, down first) and has no list to put an address in: the wall is a pool.
('accel', 'full', 'Filter-Id', '{down}/{up}', 'rate'),
('accel', 'reduced', 'Filter-Id', '1024/1024', ''),
('accel', 'walled', 'Filter-Id', '512/512', ''),
('accel', 'walled', 'Framed-Pool', 'isp-blocked', ''),
('accel', 'walled', 'Framed-IPv6-Pool', 'isp-blocked', 'ipv6_prefix_pool'),
('accel', 'walled', 'Delegated-IPv6-Prefix-Pool', 'isp-blocked', 'ipv6_pd_pool'),
-- Any other router: a name for which the operator writes the filter.
('generic', 'full', 'Filter-Id', 'isp-active', ''),
('generic', 'reduced', 'Filter-Id', 'isp-reduced', ''),
('generic', 'walled', 'Filter-Id', 'isp-blocked{voice}', 'wall'),
('disconnect', 'full', 'Filter-Id', 'isp-active', ''),
('disconnect', 'reduced', 'Filter-Id', 'isp-reduced', ''),
('disconnect', 'walled', 'Filter-Id', 'isp-blocked{voice}', 'wall')
ON CONFLICT DO NOTHING;

-- Where a session that runs hears something else than one that begins: services that are switched, one off, one on.
INSERT INTO radius.reply_template (vendor, purpose, access, position, attribute, op, template, fact) VALUES
('cisco-isg', 'login', 'full', 0, 'Cisco-AVPair', '+=', 'subscriber:service-name=ISP_ACTIVE', ''),
('cisco-isg', 'login', 'reduced', 0, 'Cisco-AVPair', '+=', 'subscriber:service-name=ISP_REDUCED', ''),
('cisco-isg', 'login', 'walled', 0, 'Cisco-AVPair', '+=', 'subscriber:service-name=ISP_BLOCKED', ''),
('cisco-isg', 'push', 'full', 0, 'Cisco-AVPair', '+=', 'subscriber:command=deactivate-service', ''),
('cisco-isg', 'push', 'full', 1, 'Cisco-AVPair', '+=', 'subscriber:service-name=ISP_BLOCKED', ''),
('cisco-isg', 'push', 'full', 2, 'Cisco-AVPair', '+=', 'subscriber:command=activate-service', ''),
('cisco-isg', 'push', 'full', 3, 'Cisco-AVPair', '+=', 'subscriber:service-name=ISP_ACTIVE', ''),
('cisco-isg', 'push', 'reduced', 0, 'Cisco-AVPair', '+=', 'subscriber:command=activate-service', ''),
('cisco-isg', 'push', 'reduced', 1, 'Cisco-AVPair', '+=', 'subscriber:service-name=ISP_REDUCED', ''),
('cisco-isg', 'push', 'walled', 0, 'Cisco-AVPair', '+=', 'subscriber:command=activate-service', ''),
('cisco-isg', 'push', 'walled', 1, 'Cisco-AVPair', '+=', 'subscriber:service-name=ISP_BLOCKED', ''),
('juniper-erx', 'login', 'full', 0, 'ERX-Service-Activate:1', '+=', 'ISP-ACTIVE({down},{up})', 'rate'),
('juniper-erx', 'login', 'reduced', 0, 'ERX-Service-Activate:1', '+=', 'ISP-REDUCED', ''),
('juniper-erx', 'login', 'walled', 0, 'ERX-Service-Activate:1', '+=', 'ISP-BLOCKED', ''),
('juniper-erx', 'push', 'full', 0, 'ERX-Service-Deactivate', ':=', 'ISP-BLOCKED', ''),
('juniper-erx', 'push', 'full', 1, 'ERX-Service-Activate:1', '+=', 'ISP-ACTIVE({down},{up})', 'rate'),
('juniper-erx', 'push', 'reduced', 0, 'ERX-Service-Activate:1', '+=', 'ISP-REDUCED', ''),
('juniper-erx', 'push', 'walled', 0, 'ERX-Service-Deactivate', ':=', 'ISP-ACTIVE', ''),
('juniper-erx', 'push', 'walled', 1, 'ERX-Service-Activate:1', '+=', 'ISP-BLOCKED', '')
ON CONFLICT DO NOTHING;
