"""What differs from bank to bank, as data. The calls themselves are the standard's (API Pix 2.9.0).

None of these was tried against the bank itself: `docs/operators/psps.md` says where each line comes from. Every address
can be overridden by the account's settings, so a bank that moves needs no new version.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["PROFILES", "AuthStyle", "PspProfile"]


class AuthStyle(StrEnum):
    """How the token is asked for (RFC 6749 section 4.4, as each bank reads it)."""

    BASIC = "basic"  # id and secret in the Authorization header, the grant as a form
    BASIC_JSON = "basic_json"  # the same header, the grant as JSON
    FORM = "form"  # id, secret and grant as a form
    FORM_GRANT_IN_QUERY = "form_grant_in_query"  # id and secret as a form, the grant behind the question mark
    JSON = "json"  # id, secret and grant as JSON
    CLIENT_ID_ONLY = "client_id_only"  # a form without a secret: the certificate is the proof


COPY_PASTE = "pixCopiaECola"
SCOPE = "cob.read cob.write cobv.read cobv.write pix.read pix.write webhook.read webhook.write"


@dataclass(frozen=True, slots=True)
class PspProfile:
    """One bank. Addresses without a slash at the end; "" where the account must bring its own.

    Values of `headers` and `query` may hold `{client_id}`, `{app_key}` and `{request_id}` (a new UUID each time).
    `copy_paste`: under which names the answer may hold the text to copy, best first. `patch_base`: where changes go, if
    not to `base`. `unverified_webhook`: the header with which the bank drops mTLS on its calls to us.
    """

    name: str
    title: str
    base: str
    token_url: str
    auth: AuthStyle = AuthStyle.BASIC
    scope: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    copy_paste: tuple[str, ...] = (COPY_PASTE,)
    patch_base: str = ""
    unverified_webhook: tuple[str, str] | None = None


_ALL = (
    PspProfile(
        name="efi",
        title="Efí",
        base="https://pix.api.efipay.com.br/v2",
        token_url="https://pix.api.efipay.com.br/oauth/token",
        auth=AuthStyle.BASIC_JSON,
        unverified_webhook=("x-skip-mtls-checking", "true"),
    ),
    PspProfile(
        name="sicoob",
        title="Sicoob",
        base="https://api.sicoob.com.br/pix/api/v2",
        token_url="https://auth.sicoob.com.br/auth/realms/cooperado/protocol/openid-connect/token",
        auth=AuthStyle.CLIENT_ID_ONLY,
        scope=SCOPE,
        headers=(("client_id", "{client_id}"),),
        copy_paste=("brcode", COPY_PASTE),
    ),
    PspProfile(
        name="sicredi",
        title="Sicredi",
        base="https://api-pix.sicredi.com.br/api/v2",
        token_url="https://api-pix.sicredi.com.br/oauth/token",
        scope=SCOPE,
    ),
    PspProfile(
        name="inter",
        title="Inter",
        base="https://cdpj.partners.bancointer.com.br/pix/v2",
        token_url="https://cdpj.partners.bancointer.com.br/oauth/v2/token",
        auth=AuthStyle.FORM,
        scope=SCOPE,
    ),
    PspProfile(
        name="bb",
        title="Banco do Brasil",
        base="https://api-pix.bb.com.br/pix/v2",
        token_url="https://oauth.bb.com.br/oauth/token",
        scope=SCOPE,
        query=(("gw-dev-app-key", "{app_key}"),),
        copy_paste=(COPY_PASTE, "textoImagemQRcode"),
    ),
    PspProfile(
        name="itau",
        title="Itaú",
        base="https://secure.api.itau/pix_recebimentos/v2",
        token_url="https://sts.itau.com.br/api/oauth/token",
        auth=AuthStyle.FORM,
        headers=(("x-correlationID", "{request_id}"),),
    ),
    PspProfile(
        name="bradesco",
        title="Bradesco",
        base="https://qrpix.bradesco.com.br/v2",
        token_url="https://qrpix.bradesco.com.br/auth/server/oauth/token",
    ),
    PspProfile(
        name="santander",
        title="Santander",
        base="https://trust-pix.santander.com.br/api/v1",
        token_url="https://trust-pix.santander.com.br/oauth/token",
        auth=AuthStyle.FORM_GRANT_IN_QUERY,
        patch_base="https://trust-pix.santander.com.br/api/v2",
    ),
    PspProfile(name="generic", title="API Pix", base="", token_url="", scope=SCOPE),
)

PROFILES = {profile.name: profile for profile in _ALL}
