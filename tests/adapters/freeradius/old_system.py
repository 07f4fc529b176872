"""The RADIUS that was there before us: a second FreeRADIUS with a users file, which keeps what it is told."""

from __future__ import annotations

import re
import time
from pathlib import Path

from radius import make_server
from religa.adapters.freeradius.server import Server

SECRET = "what the old system shares with us"
SERVICE = {
    "Framed-IP-Address": "10.7.7.7",
    "Framed-Pool": "velho",
    "Delegated-IPv6-Prefix": "2001:db8:7700::/56",
    "Mikrotik-Rate-Limit": "100M/100M",
    "Mikrotik-Address-List": "cliente",
    "Filter-Id": "antigo",
    "Cisco-AVPair": "ip:inacl=aberto",
    "Acct-Interim-Interval": "600",
}
CLASS = "0x6f6c643a3432003bff"  # "old:42", a zero, a semicolon, 0xff: any octets

_CONFIGURATION = """
prefix = /usr
libdir = /usr/lib/freeradius
run_dir = $ENV{RELIGA_RADIUS_RUN}
logdir = ${run_dir}
db_dir = ${run_dir}
name = old
proxy_requests = no
cleanup_delay = 0
max_request_time = 5
log {
  destination = stdout
}
security {
  reject_delay = 0
}
thread pool {
  start_servers = 2
  max_servers = 4
}
client us {
  ipaddr = 127.0.0.1
  secret = "%s"
}
modules {
  pap {
  }
  chap {
  }
  always ok {
    rcode = ok
  }
  files {
    usersfile = ${confdir}/users
  }
  detail heard {
    filename = ${run_dir}/heard
  }
  detail told {
    filename = ${run_dir}/told
  }
}
server old {
  listen {
    type = auth
    ipaddr = $ENV{RELIGA_RADIUS_ADDRESS}
    port = $ENV{RELIGA_RADIUS_AUTH_PORT}
  }
  listen {
    type = acct
    ipaddr = $ENV{RELIGA_RADIUS_ADDRESS}
    port = $ENV{RELIGA_RADIUS_ACCT_PORT}
  }
  authorize {
    heard.authorize
    files
    chap
    pap
  }
  authenticate {
    Auth-Type PAP {
      pap
    }
    Auth-Type CHAP {
      chap
    }
  }
  accounting {
    told
    ok
  }
}
"""


class OldSystem:
    """Starts and stops; `users` may be added only before it starts."""

    def __init__(self, folder: Path, users: dict[str, dict[str, str]]) -> None:
        self.folder = folder
        raddb = folder / "raddb"
        raddb.mkdir(parents=True)
        (raddb / "dictionary").touch()
        (raddb / "radiusd.conf").write_text(_CONFIGURATION % SECRET)
        (raddb / "users").write_text("".join(_entry(name, more) for name, more in users.items()))
        self.server: Server = make_server(folder / "run", "postgresql://127.0.0.1:1/none", raddb=raddb)
        self._secret = folder / "secret"
        self._secret.write_text(f'secret = "{SECRET}"\n')

    @property
    def environment(self) -> dict[str, str]:
        """How a proxy finds it."""
        return {
            "RELIGA_OLD_ADDRESS": "127.0.0.1",
            "RELIGA_OLD_AUTH_PORT": str(self.server.auth_port),
            "RELIGA_OLD_ACCT_PORT": str(self.server.acct_port),
            "RELIGA_OLD_SECRET_FILE": str(self._secret),
        }

    def told(self, session: str) -> list[dict[str, str]]:
        """The accounting packets of that session, by attribute."""
        return [p for p in self._packets("told") if p.get("Acct-Session-Id") == f'"{session}"']

    def heard(self) -> list[dict[str, str]]:
        """The log-ins that it was asked for."""
        return self._packets("heard")

    def _packets(self, name: str) -> list[dict[str, str]]:
        time.sleep(0.1)  # it writes after it has answered
        path = self.server.folder / name
        text = path.read_text() if path.exists() else ""
        packets = text.strip().split("\n\n")
        return [dict(re.findall(r"^\t([\w-]+) = (.*)$", packet, re.MULTILINE)) for packet in packets]


def _entry(name: str, more: dict[str, str]) -> str:
    items = {**SERVICE, "Class": CLASS, **more}
    lines = ",\n".join(f"\t{attribute} = {_value(value)}" for attribute, value in items.items() if value)
    return f'{name} Cleartext-Password := "segredo"\n{lines}\n\n'


def _value(value: str) -> str:
    return value if re.fullmatch(r"0x[0-9a-f]+|[0-9]+|[0-9a-f:.]+(/\d+)?", value) else f'"{value}"'
