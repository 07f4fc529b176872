"""`/hooks/mensagens/<secret>` for platforms of messages, and `/hooks/<provider>/<secret>[/pix]` for banks, which append
to the address they were given (API Pix, webhooks)."""

from django.urls import path

from religa.entrypoints.webhooks import hook, messages

app_name = "webhooks"
urlpatterns = [
    path("mensagens/<str:secret>", messages.take, name="messages"),
    path("mensagens/<str:secret>/", messages.take),
    path("<str:provider>/<str:secret>", hook.take),
    path("<str:provider>/<str:secret>/", hook.take),
    path("<str:provider>/<str:secret>/<str:tail>", hook.take),
    path("<str:provider>/<str:secret>/<str:tail>/", hook.take),
]
