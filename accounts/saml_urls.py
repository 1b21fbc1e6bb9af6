"""There only where a sign-on by SAML is configured. The names are the library's."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from accounts.views.entrance.saml import Finish, Metadata, Take
from accounts.web.access import closed

urlpatterns = [
    path("<slug:organization_slug>/acs/", csrf_exempt(Take.as_view()), name="saml_acs"),
    path("<slug:organization_slug>/acs/finish/", Finish.as_view(), name="saml_finish_acs"),
    path("<slug:organization_slug>/metadata/", Metadata.as_view(), name="saml_metadata"),
    # The library names it in what it tells the sign-on; nobody is logged out from there.
    path("<slug:organization_slug>/sls/", closed, name="saml_sls"),
]
