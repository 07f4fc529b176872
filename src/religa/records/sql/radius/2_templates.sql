-- What each kind of router needs to hear, per access: data, so that a vendor is a few rows.
--
-- `fact` names what must be known for the row to be sent, and `{}` in the template stands for it: ipv4, pool,
-- ipv6_prefix_pool, ipv6_pd_pool. With `rate` the template may say {up}, {down} (kbit/s) and {burst} (as RouterOS
-- writes it after the rates). An empty fact is always known.
CREATE TABLE IF NOT EXISTS radius.reply_template (
    vendor text NOT NULL,
    access text NOT NULL CHECK (access IN ('full', 'reduced', 'walled')),
    attribute text NOT NULL,
    op text NOT NULL DEFAULT ':=' CHECK (op IN (':=', '+=', '=')),
    template text NOT NULL,
    fact text NOT NULL DEFAULT ''
        CHECK (fact IN ('', 'rate', 'ipv4', 'pool', 'ipv6_prefix_pool', 'ipv6_pd_pool')),
    PRIMARY KEY (vendor, access, attribute)
);

-- The same, ready to be sent: one row holds all that a kind of router hears, so that a log-in reads one row.
CREATE TABLE IF NOT EXISTS radius.reply (
    vendor text,
    access text,
    attributes text[] NOT NULL,
    ops text[] NOT NULL,
    templates text[] NOT NULL,
    facts text[] NOT NULL,
    PRIMARY KEY (vendor, access)
);

CREATE OR REPLACE FUNCTION radius.make_replies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE radius.reply IN SHARE ROW EXCLUSIVE MODE;  -- two who save at once
    DELETE FROM radius.reply;
    INSERT INTO radius.reply
    SELECT vendor, access, array_agg(attribute ORDER BY attribute), array_agg(op ORDER BY attribute),
           array_agg(template ORDER BY attribute), array_agg(fact ORDER BY attribute)
      FROM radius.reply_template GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER reply_template_is_ready AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE
    ON radius.reply_template FOR EACH STATEMENT EXECUTE FUNCTION radius.make_replies();

-- Addresses stay the same in the wall, so that a session can go in and out of it without being dropped.
INSERT INTO radius.reply_template (vendor, access, attribute, template, fact)
SELECT vendor, access, attribute, '{}', fact
  FROM (VALUES ('mikrotik'), ('generic'), ('accel')) v (vendor),
       (VALUES ('full'), ('reduced'), ('walled')) a (access),
       (VALUES ('Framed-IP-Address', 'ipv4'), ('Framed-Pool', 'pool'), ('Framed-IPv6-Pool', 'ipv6_prefix_pool'),
               ('Delegated-IPv6-Prefix-Pool', 'ipv6_pd_pool')) f (attribute, fact)
 WHERE NOT (vendor = 'accel' AND access = 'walled')
   AND NOT (vendor = 'mikrotik' AND fact = 'ipv6_pd_pool')
ON CONFLICT DO NOTHING;

INSERT INTO radius.reply_template (vendor, access, attribute, template, fact) VALUES
-- RouterOS leaves an address in its old list unless another list is named: always one of two. Rates are seen from
-- the router: what it receives (the subscriber's upload) first.
('mikrotik', 'full', 'Mikrotik-Address-List', 'isp-active', ''),
('mikrotik', 'full', 'Mikrotik-Rate-Limit', '{up}k/{down}k{burst}', 'rate'),
('mikrotik', 'full', 'Mikrotik-Delegated-IPv6-Pool', '{}', 'ipv6_pd_pool'),
('mikrotik', 'reduced', 'Mikrotik-Address-List', 'isp-active', ''),
('mikrotik', 'reduced', 'Mikrotik-Rate-Limit', '1024k/1024k', ''),
('mikrotik', 'reduced', 'Mikrotik-Delegated-IPv6-Pool', '{}', 'ipv6_pd_pool'),
('mikrotik', 'walled', 'Mikrotik-Address-List', 'isp-blocked', ''),
('mikrotik', 'walled', 'Mikrotik-Rate-Limit', '512k/512k', ''),
('mikrotik', 'walled', 'Mikrotik-Delegated-IPv6-Pool', '{}', 'ipv6_pd_pool'),
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
('generic', 'walled', 'Filter-Id', 'isp-blocked', '')
ON CONFLICT DO NOTHING;
