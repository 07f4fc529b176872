-- The kinds of router that come with Religa. Kept beside what operators made of them, so that a page can say what differs.

DROP TABLE IF EXISTS radius.shipped_template, radius.shipped_vendor;
CREATE TABLE radius.shipped_vendor (LIKE radius.vendor INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE radius.shipped_template (LIKE radius.reply_template INCLUDING DEFAULTS INCLUDING INDEXES);

INSERT INTO radius.shipped_vendor (vendor, title, moved_by, timeout_from, shown_by, identified_by, verified) VALUES
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
 'The wire format against FreeRADIUS as CoA server; the redial gets the right answer.');

-- Addresses stay the same in the wall, so that a session can go in and out of it without being dropped.
INSERT INTO radius.shipped_template (vendor, access, attribute, template, fact)
SELECT vendor, access, attribute, '{}', fact
  FROM radius.shipped_vendor,
       (VALUES ('full'), ('reduced'), ('walled')) a (access),
       (VALUES ('Framed-IP-Address', 'ipv4'), ('Framed-Pool', 'pool'), ('Framed-IPv6-Pool', 'ipv6_prefix_pool'),
               ('Delegated-IPv6-Prefix-Pool', 'ipv6_pd_pool')) f (attribute, fact)
 WHERE vendor IN ('mikrotik', 'mikrotik-hotspot', 'huawei', 'cisco-isg', 'juniper-erx', 'accel', 'generic', 'disconnect')
   AND NOT (vendor = 'accel' AND access = 'walled')
   AND NOT (vendor LIKE 'mikrotik%' AND fact = 'ipv6_pd_pool');

INSERT INTO radius.shipped_template (vendor, access, attribute, template, fact) VALUES
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
('disconnect', 'walled', 'Filter-Id', 'isp-blocked{voice}', 'wall');

-- Where a session that runs hears something else than one that begins: services that are switched, one off, one on.
INSERT INTO radius.shipped_template (vendor, purpose, access, position, attribute, op, template, fact) VALUES
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
('juniper-erx', 'push', 'walled', 1, 'ERX-Service-Activate:1', '+=', 'ISP-BLOCKED', '');

-- A kind of router that is not there yet comes with its rows; one that is there stays as its operator wants it, down to
-- the row that he took away.
INSERT INTO radius.vendor SELECT * FROM radius.shipped_vendor ON CONFLICT DO NOTHING;
INSERT INTO radius.reply_template
SELECT s.* FROM radius.shipped_template s
 WHERE NOT EXISTS (SELECT FROM radius.reply_template t WHERE t.vendor = s.vendor);
