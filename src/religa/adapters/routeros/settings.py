"""How one router is reached, and what blocked and reduced mean on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Way(StrEnum):
    """How a log-in is walled: by the profile of its secret, by its address in a firewall list, or by both."""

    PROFILE = "profile"
    ADDRESS_LIST = "address_list"
    BOTH = "both"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`answer_seconds` bounds each silence, `call_seconds` the whole of one call, however the router dawdles.

    `tls_ca` is the certificate (or its issuer's) that the router must show; without one, the machine's own list.
    """

    host: str
    username: str
    password: str = field(repr=False)
    port: int | None = None
    tls: bool = False
    tls_ca: Path | None = None
    tls_check_name: bool = True
    way: Way = Way.PROFILE
    walled_profile: str = "isp-blocked"
    reduced_profile: str = "isp-reduced"
    blocked_list: str = "isp-blocked"
    answer_seconds: float = 5.0
    call_seconds: float = 120.0
    in_flight: int = 50

    def __post_init__(self) -> None:
        if not (self.walled_profile and self.reduced_profile and self.blocked_list):
            raise ValueError("profiles and list need a name")
        if self.walled_profile == self.reduced_profile:
            raise ValueError("walled and reduced need a profile each")
        if self.answer_seconds <= 0 or self.call_seconds <= 0 or self.in_flight < 1:
            raise ValueError("times and the number in flight have to be positive")

    @property
    def place(self) -> tuple[str, int]:
        return self.host, self.port or (8729 if self.tls else 8728)

    @property
    def by_profile(self) -> bool:
        return self.way in (Way.PROFILE, Way.BOTH)

    @property
    def by_list(self) -> bool:
        return self.way in (Way.ADDRESS_LIST, Way.BOTH)

    @property
    def own_profiles(self) -> frozenset[str]:
        """Profiles that mean a restriction; a log-in in one of them is not in its plan's."""
        return frozenset((self.walled_profile, self.reduced_profile))
