"""One account at one bank: what a provider fills in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from religa.adapters.api_pix.profiles import PspProfile

__all__ = ["Account"]


@dataclass(frozen=True, slots=True)
class Account:
    """`pix_key` receives. The addresses, where given, stand in place of the profile's (a test environment, a fake).

    `app_key` is for banks that want one (BB). `scope`, where given, stands in place of the profile's: some banks refuse
    the whole list if one of it was not granted. `unverified_webhook`: let the bank call us without showing a
    certificate. `payee` and `city` stand in codes that we make of a location. Raises `ValueError` if there is no
    address to call.
    """

    profile: PspProfile
    client_id: str
    pix_key: str
    client_secret: str = field(default="", repr=False)
    app_key: str = field(default="", repr=False)
    base_url: str = ""
    token_url: str = ""
    scope: str = ""
    payee: str = "PROVEDOR"
    city: str = "BRASIL"
    unverified_webhook: bool = False

    def __post_init__(self) -> None:
        for name, address in (("base_url", self.base), ("token_url", self.token_address)):
            if not address.startswith(("https://", "http://")):
                raise ValueError(
                    f"{self.profile.title}: {name} is an address that starts with https://, not {address!r}"
                )

    @property
    def base(self) -> str:
        return (self.base_url or self.profile.base).rstrip("/")

    @property
    def token_address(self) -> str:
        return self.token_url or self.profile.token_url

    def address(self, method: str, path: str) -> str:
        """Where a call goes; `path` starts with a slash."""
        if method == "PATCH" and self.profile.patch_base and not self.base_url:
            return self.profile.patch_base + path
        return self.base + path

    @property
    def headers(self) -> dict[str, str]:
        return self._filled(self.profile.headers)

    @property
    def query(self) -> dict[str, str]:
        return self._filled(self.profile.query)

    def _filled(self, pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
        known: Mapping[str, str] = {
            "client_id": self.client_id,
            "app_key": self.app_key,
            "request_id": str(uuid.uuid4()),
        }
        return {name: value.format_map(known) for name, value in pairs}
