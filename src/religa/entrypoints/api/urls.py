"""The API's addresses, as openapi.yaml describes them."""

from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from religa.entrypoints.api import identify, pix, problems, status, unlock


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """openapi.yaml, for everybody: it holds nothing of anybody."""
    return HttpResponse(
        (files("religa.entrypoints.api") / "openapi.yaml").read_text(), content_type="application/yaml"
    )


app_name = "api"
urlpatterns = [
    path("openapi.yaml", description, name="description"),
    path("contacts", identify.contact, name="contact"),
    path("codes", identify.code, name="code"),
    path("subjects", identify.subject, name="subject"),
    path("status", status.status, name="status"),
    path("unlocks", unlock.unlock, name="unlock"),
    path("unlocks/<str:key>", unlock.answer, name="unlock_answer"),
    path("pix", pix.pix, name="pix"),
    path("", problems.nothing_here),
    path("<path:anything>", problems.nothing_here),
]
