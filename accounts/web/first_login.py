"""Who may make the first log-in: whoever sits at the machine, while nobody can log in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from accounts.models import StaffUser

HERE = {"127.0.0.1", "::1", "localhost", "[::1]"}
# A proxy on this machine asks for others.
PASSED_ON = {"HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_VIA"}


def is_open(request: HttpRequest) -> bool:
    """A page from elsewhere, whose name leads to this machine, names another host than ours."""
    host = split_domain_port(request.get_host())[0]
    is_here = {
        request.META.get("REMOTE_ADDR"),
        host,
    } <= HERE and not PASSED_ON & request.META.keys()
    return is_here and not settings.SERVED_SECURELY and not StaffUser.objects.exists()
