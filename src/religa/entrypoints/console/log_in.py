"""The staff's log-in: Django's own, slowed down by axes (wrong passwords lock name and address)."""

from __future__ import annotations

from django.contrib.auth import views as auth

from religa.entrypoints.common.private import private


class LogIn(auth.LoginView):
    template_name = "console/log_in.html"
    redirect_authenticated_user = False


log_in = private(LogIn.as_view())
log_out = private(auth.LogoutView.as_view(next_page="console:login", http_method_names=["post", "options"]))
