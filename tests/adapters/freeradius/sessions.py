"""One session of one log-in, as its router tells of it."""

from __future__ import annotations

from radius import Login, Radius
from religa.adapters.freeradius.client import Acknowledged

from .town import Town

ACTIVE, BLOCKED = "st=active", "st=blocked"


def octets(text: str) -> str:
    """As `radclient` takes an attribute of octets (Class)."""
    return "0x" + text.encode().hex()


class Session:
    def __init__(
        self, town: Town, radius: Radius, login: Login, number: str, *, source: str = "127.0.0.1"
    ) -> None:
        self._town, self._router, self.login, self.number = town, radius.router(source), login, number

    def tell(self, kind: str, **more) -> None:
        """`more` by attribute name, with underscores for hyphens; `Class` as text. It has to be answered."""
        fields = {name.replace("_", "-"): value for name, value in more.items()}
        if not str(fields.get("Class", "0x")).startswith("0x"):
            fields["Class"] = octets(str(fields["Class"]))
        packet = {"Acct-Status-Type": kind, "User-Name": self.login.username, "Acct-Session-Id": self.number}
        assert isinstance(self._router.account({**packet, **fields}), Acknowledged)

    def live(self, columns: str = "count(*)") -> tuple:
        (row,) = self._town.sql(f"SELECT {columns} FROM session_live WHERE session_id = %s", self.number)
        return row

    def logged(self, columns: str = "count(*)") -> list[tuple]:
        return self._town.sql(f"SELECT {columns} FROM session_log WHERE session_id = %s", self.number)

    def aged(
        self, seconds: int, columns: tuple[str, ...] = ("started_at", "updated_at", "applied_at")
    ) -> None:
        """Everything that is known of it happened so much earlier."""
        moved = ", ".join(f"{c} = {c} - make_interval(secs => {seconds})" for c in columns)
        self._town.sql(f"UPDATE session_live SET {moved} WHERE session_id = %s", self.number)

    def ordered(self, state: str, *, seconds_ago: int = 60) -> None:
        """As `radius.pushed` writes what the router has acknowledged."""
        self._town.sql(
            "UPDATE session_live SET applied_state = %s, applied_until = NULL, verified_at = NULL, push_tries = 0,"
            " applied_at = now() - make_interval(secs => %s) WHERE session_id = %s",
            state, seconds_ago, self.number,
        )  # fmt: skip

    def drifts(self) -> bool:
        (row,) = self._town.sql("SELECT drifts FROM radius.live WHERE session_id = %s", self.number)
        return bool(row[0])
