"""What the settings promise about safety, asked of real pages."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_every_page_carries_a_strict_content_security_policy():
    policy = Client().get("/admin/login/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy, "nothing comes from elsewhere"


@pytest.mark.django_db
def test_pages_are_in_portuguese_whatever_the_browser_prefers():
    page = Client().get("/admin/login/", headers={"Accept-Language": "en"})
    assert 'lang="pt-br"' in page.content.decode()


@pytest.mark.django_db
def test_guessing_a_staff_password_is_stopped(django_user_model, settings):
    django_user_model.objects.create_superuser("carla", password="correta-e-comprida")
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        client.post("/admin/login/", {"username": "carla", "password": "errada"})
    answer = client.post("/admin/login/", {"username": "carla", "password": "correta-e-comprida"})
    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_the_right_password_lets_staff_in(django_user_model):
    django_user_model.objects.create_superuser("carla", password="correta-e-comprida")
    client = Client()
    log_in = {"username": "carla", "password": "correta-e-comprida", "next": "/admin/"}
    answer = client.post("/admin/login/", log_in)
    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert "_auth_user_id" in client.session


def test_static_files_have_their_plain_names_under_tests(client):
    assert client.get("/static/admin/css/base.css").status_code == 200
