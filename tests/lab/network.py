"""Namespaces of the lab, all of both families. Nothing outside of them changes but three links of the host.

    host (Religa, FreeRADIUS, PostgreSQL)
     |           |             |
    bng ======= gw ========= inet          clients -- bng; bng -- inet is the way out of who is not walled,
     |   wall0, voice0                     bng == gw the way of who is
    clients

`inet` is the internet and, on an address of its own, the portal's nginx. Every namespace ends with the run.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

PORTAL4, PORTAL6 = "203.0.113.80", "2001:db8:f::80"
RESOLVER4, RESOLVER6 = "203.0.113.53", "2001:db8:f::53"  # somebody else's, in the internet
PAY4 = "203.0.113.90"
WEB4, WEB6 = "203.0.113.10", "2001:db8:f::10"
INSIDE4, INSIDE6 = "100.64.0.0/10", ("2001:db8:1::/48", "2001:db8:2::/48")
ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy" / "walled-garden"


def run(*command: str, text: str | None = None) -> str:
    """Runs a command to its end; what it wrote. A failure says what the command said."""
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


@dataclass(frozen=True)
class Place:
    """A subscriber's house: its namespace, its addresses, and one address of the delegated prefix."""

    number: int
    namespace: str

    @property
    def ipv4(self) -> str:
        return f"100.64.0.{self.number + 1}"

    @property
    def prefix(self) -> str:
        return f"2001:db8:1:{self.number:x}::/64"

    @property
    def delegated(self) -> str:
        return f"2001:db8:2:{self.number:x}00::/56"

    @property
    def ipv6(self) -> str:
        return f"2001:db8:1:{self.number:x}::2"

    @property
    def ipv6_at_home(self) -> str:
        return f"2001:db8:2:{self.number:x}00::2"


@dataclass
class Network:
    """`host` is where Religa and RADIUS listen; `bng`, `gw`, `inet` are names of namespaces."""

    number: int = field(default_factory=lambda: _free_number())
    places: list[Place] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.host, self.bng_address, self.gw_address, self.inet_address = (
            f"198.18.{self.number}.{n}" for n in (1, 2, 3, 4)
        )
        self.bng, self.gw, self.inet = (f"religa-{os.getpid()}-{name}" for name in ("bng", "gw", "inet"))

    def build(self) -> None:
        _forget_the_dead()
        for name in (self.bng, self.gw, self.inet):
            _namespace(name)
        self._to_the_host()
        self._between()
        run("ip", "netns", "exec", self.bng, "nft", "-f", str(DEPLOY / "bng" / "linux.nft"))
        run("ip", "netns", "exec", self.bng, "nft", "-f", "-", text=_BNG)
        self._hand_over()

    def _hand_over(self) -> None:
        run("ip", "netns", "exec", self.bng, str(DEPLOY / "bng" / "linux.sh"),
            "10.255.0.2", "fd00:255::2", "wall0", "10.255.1.2", "fd00:255:1::2", "voice0")  # fmt: skip

    @contextlib.contextmanager
    def gateway_cut_off(self) -> Iterator[None]:
        """The BNG's link to the gateway is down, for a while."""
        _batch(self.bng, "link set wall0 down")
        try:
            yield
        finally:
            _batch(self.bng, "link set wall0 up\naddr replace fd00:255::1/64 dev wall0 nodad")
            self._hand_over()

    def wall(self, folder: Path, **settings: str) -> None:
        """Loads the shipped rules into the gateway; `settings` replace those of the shipped settings.nft."""
        shipped = (DEPLOY / "settings.nft").read_text()
        for name, value in settings.items():
            line = next(line for line in shipped.splitlines() if line.startswith(f"define {name} ="))
            shipped = shipped.replace(line, f"define {name} = {value}")
        (folder / "settings.nft").write_text(shipped)
        run("ip", "netns", "exec", self.gw, "nft", "-I", str(folder), "-f", str(DEPLOY / "wall.nft"))

    def place(self) -> Place:
        """One more house, wired to the BNG. Its resolver is one of the internet, as people have it."""
        made = Place(len(self.places) + 1, f"religa-{os.getpid()}-c{len(self.places) + 1}")
        self.places.append(made)
        _namespace(made.namespace)
        folder = Path("/etc/netns") / made.namespace
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "resolv.conf").write_text(f"nameserver {RESOLVER4}\noptions timeout:2 attempts:1\n")
        side = f"sub{made.number}"
        _batch(None, f"link add eth0 netns {made.namespace} type veth peer name {side} netns {self.bng}")
        _batch(
            made.namespace,
            f"""
            link set eth0 up
            addr add {made.ipv4}/32 dev eth0
            addr add {made.ipv6}/64 dev eth0 nodad
            addr add {made.ipv6_at_home}/128 dev lo nodad
            route add default via 10.254.0.1 dev eth0 onlink
            route add default via fe80::1 dev eth0""",
        )
        _batch(
            self.bng,
            f"""
            addr add 10.254.0.1/32 dev {side}
            addr add fe80::1/64 dev {side} nodad
            link set {side} up
            route add {made.ipv4}/32 dev {side}
            route add {made.prefix} dev {side}
            route add {made.delegated} via {made.ipv6} dev {side}""",
        )
        return made

    def destroy(self) -> None:
        for name in (*(p.namespace for p in self.places), self.bng, self.gw, self.inet):
            subprocess.run(
                ["ip", "link", "del", _host_link(name)], capture_output=True
            )  # else it goes when it likes
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
            folder = Path("/etc/netns") / name
            (folder / "resolv.conf").unlink(missing_ok=True)
            if folder.is_dir():
                folder.rmdir()

    def _to_the_host(self) -> None:
        """One address of the host, one link to each namespace that speaks with it."""
        for name, address in (
            (self.bng, self.bng_address), (self.gw, self.gw_address), (self.inet, self.inet_address),
        ):  # fmt: skip
            link = _host_link(name)
            _batch(
                None,
                f"""
                link add {link} type veth peer name host0 netns {name}
                addr add {self.host}/32 peer {address} dev {link}
                link set {link} up""",
            )
            _batch(
                name,
                f"""
                addr add {address}/32 peer {self.host} dev host0
                link set host0 up""",
            )

    def _between(self) -> None:
        for one, link, other, far, net4, net6 in (
            (self.bng, "wall0", self.gw, "wall0", "10.255.0", "fd00:255:"),
            (self.bng, "voice0", self.gw, "voice0", "10.255.1", "fd00:255:1:"),
            (self.bng, "out0", self.inet, "bng0", "10.255.2", "fd00:255:2:"),
            (self.gw, "out0", self.inet, "gw0", "10.255.3", "fd00:255:3:"),
        ):  # fmt: skip
            _batch(None, f"link add {link} netns {one} type veth peer name {far} netns {other}")
            for name, device, last in ((one, link, 1), (other, far, 2)):
                _batch(
                    name,
                    f"""
                    addr add {net4}.{last}/24 dev {device}
                    addr add {net6}:{last}/64 dev {device} nodad
                    link set {device} up""",
                )
        self._routes()

    def _routes(self) -> None:
        """Out by `out0`; back to the subscribers by the BNG alone, whichever way they came."""
        _batch(self.bng, "route add default via 10.255.2.2\nroute add default via fd00:255:2::2")
        _batch(self.gw, "route add default via 10.255.3.2\nroute add default via fd00:255:3::2")
        for network in (INSIDE4, *INSIDE6):
            version = "10.255" if "." in network else "fd00:255"
            _batch(self.gw, f"route add {network} via {version + ('.0.1' if '.' in version else '::1')}")
            _batch(self.inet, f"route add {network} via {version + ('.2.1' if '.' in version else ':2::1')}")
        for address in (WEB4, PORTAL4, RESOLVER4, PAY4, WEB6, PORTAL6, RESOLVER6):
            _batch(
                self.inet,
                f"addr add {address} dev lo" + ("" if ip_address(address).version == 4 else " nodad"),
            )


# Without a session nothing passes. The subscribers' own links only: what comes back is not asked.
_BNG = """
table inet lab_bng {
    set online4 { type ipv4_addr; flags interval; }
    set online6 { type ipv6_addr; flags interval; }
    chain sessions {
        type filter hook forward priority filter; policy accept;
        iifname "sub*" ip saddr != @online4 drop
        iifname "sub*" ip6 saddr != @online6 drop
    }
}
"""
_SYSCTL = ("net.ipv6.conf.default.accept_dad=0", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1",
           "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0")  # fmt: skip


def _forget_the_dead() -> None:
    """Namespaces of runs that were killed."""
    for name in run("ip", "netns", "list").split():
        owner = name.split("-")[1] if name.startswith("religa-") else ""
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


def _host_link(namespace: str) -> str:
    return f"rl{os.getpid()}{namespace.rsplit('-')[-1]}"


def _free_number() -> int:
    """A part of 198.18.0.0/16 that no other lab on this machine has now."""
    taken = run("ip", "-4", "-oneline", "address")
    return next(n for n in (*range(os.getpid() % 250, 250), *range(250)) if f" 198.18.{n}.1 " not in taken)


def _namespace(name: str) -> None:
    run("ip", "netns", "add", name)
    run("ip", "netns", "exec", name, "sysctl", "-qw", *_SYSCTL)
    run("ip", "-n", name, "link", "set", "lo", "up")


def _batch(namespace: str | None, lines: str) -> None:
    """Several lines of `ip`, in one process; stops at the first that fails."""
    where = ["-n", namespace] if namespace else []
    run("ip", *where, "-batch", "-", text="\n".join(line.strip() for line in lines.strip().splitlines()))
