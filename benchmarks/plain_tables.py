"""The other side of the comparison: FreeRADIUS's own tables and queries, as daloRADIUS and others fill them."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from religa.adapters.freeradius.server import RADDB

QUERIES = Path("/etc/freeradius/3.0/mods-config/sql/main/postgresql/queries.conf")


def tables() -> Iterator[str]:
    """The tables that FreeRADIUS's own queries and daloRADIUS use, with the usual indexes."""
    pair = "attribute text NOT NULL, op varchar(2) NOT NULL, value text NOT NULL"
    for table, key in {
        "radcheck": "username",
        "radreply": "username",
        "radgroupcheck": "groupname",
        "radgroupreply": "groupname",
    }.items():
        yield f"CREATE TABLE {table} (id serial PRIMARY KEY, {key} text NOT NULL, {pair})"
        yield f"CREATE INDEX ON {table} ({key}, attribute)"
    yield "CREATE TABLE radusergroup (id serial PRIMARY KEY, username text, groupname text, priority integer)"
    yield "CREATE INDEX ON radusergroup (username)"
    yield (
        "INSERT INTO radcheck (username, attribute, op, value)"
        " SELECT username, 'Cleartext-Password', ':=', 'senha' || id FROM access_record"
    )
    yield (
        "INSERT INTO radusergroup (username, groupname, priority)"
        " SELECT username, CASE access WHEN 'walled' THEN 'blocked' ELSE 'plan' END, 1"
        " FROM access_record JOIN contract_access USING (contract_id)"
    )
    yield (
        "INSERT INTO radreply (username, attribute, op, value)"
        " SELECT username, 'Session-Timeout', ':=', '172800'"
        " FROM access_record JOIN contract_access USING (contract_id) WHERE status = 'trusted'"
    )
    yield """INSERT INTO radgroupreply (groupname, attribute, op, value) VALUES
        ('plan', 'Mikrotik-Address-List', ':=', 'isp-active'), ('plan', 'Mikrotik-Rate-Limit', ':=', '300000k/600000k'),
        ('plan', 'Acct-Interim-Interval', ':=', '300'), ('blocked', 'Mikrotik-Address-List', ':=', 'isp-blocked'),
        ('blocked', 'Mikrotik-Rate-Limit', ':=', '512k/512k'), ('blocked', 'Session-Timeout', ':=', '1800'),
        ('blocked', 'Acct-Interim-Interval', ':=', '300')"""
    yield "GRANT SELECT ON radcheck, radreply, radgroupcheck, radgroupreply, radusergroup TO stock"


def raddb(folder: Path, secret: str) -> Path:
    """Ours but for what is compared: the same threads, pool and password modules, and Debian's queries."""
    if not os.access(QUERIES, os.R_OK):
        sys.exit(f"{QUERIES} cannot be read: run this as root, with freeradius-postgresql installed")
    shutil.copytree(RADDB, folder)
    (folder / "sites" / "nas_list").unlink()
    (folder / "mods" / "dynamic_clients").unlink(missing_ok=True)
    (folder / "clients.conf").write_text(f'client local {{\n ipaddr = 127.0.0.1\n secret = "{secret}"\n}}\n')
    pool = re.search(r"\tpool \{.*?\n\t\}\n", (RADDB / "mods" / "sql").read_text(), re.DOTALL)
    assert pool is not None
    (folder / "mods" / "expr").write_text("expr {\n}\n")  # Debian's queries say tolower
    (folder / "mods" / "sql").write_text(SQL % pool[0])
    (folder / "sites" / "religa").write_text(SITE)
    return folder


SQL = """sql {
	driver = "rlm_sql_postgresql"
	dialect = "postgresql"
	radius_db = "$ENV{RELIGA_RADIUS_DSN}"
	acct_table1 = "radacct"
	acct_table2 = "radacct"
	postauth_table = "radpostauth"
	authcheck_table = "radcheck"
	groupcheck_table = "radgroupcheck"
	authreply_table = "radreply"
	groupreply_table = "radgroupreply"
	usergroup_table = "radusergroup"
	client_table = "nas"
	group_attribute = "SQL-Group"
	read_clients = no
%s
	$INCLUDE /etc/freeradius/3.0/mods-config/sql/main/postgresql/queries.conf
}
"""
SITE = """server stock {
	listen {
		type = auth
		ipaddr = $ENV{RELIGA_RADIUS_ADDRESS}
		port = $ENV{RELIGA_RADIUS_AUTH_PORT}
	}
	authorize {
		sql
		chap
		mschap
		pap
	}
	authenticate {
		Auth-Type PAP {
			pap
		}
		Auth-Type CHAP {
			chap
		}
		Auth-Type MS-CHAP {
			mschap
		}
	}
}
"""
