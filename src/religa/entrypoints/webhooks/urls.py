"""`/hooks/<provider>/<secret>[/pix]`, as banks append to the address they were given (API Pix, webhooks)."""

from django.urls import path

from religa.entrypoints.webhooks import hook

app_name = "webhooks"
urlpatterns = [
    path("<str:provider>/<str:secret>", hook.take),
    path("<str:provider>/<str:secret>/", hook.take),
    path("<str:provider>/<str:secret>/<str:tail>", hook.take),
    path("<str:provider>/<str:secret>/<str:tail>/", hook.take),
]
