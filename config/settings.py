"""Koe's settings: one file that works with nothing set. See README.md for every variable."""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from accounts.domain import languages
from accounts.domain.access.demo import DEMO_ADDRESS, DEMO_ORGANISATION, DEMO_SENDER
from accounts.domain.organisation import SETTINGS as OF_THE_ORGANISATION
from config import checks, csp, env
from config.mail_providers import HOSTS, provider_of

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.env.str("KOE_VAR_DIR", default=str(BASE_DIR / "var")))

# A process works for one request: threads of linear algebra beside it wait for each other where the
# cores are busy (1.6 s instead of 0.03 for the intervals of a page). numpy reads it as it loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# --- Where we are ---------------------------------------------------------------------------

PORT = env.integer("PORT", default=8000, low=1, high=65000)
DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY_FILE = VAR_DIR / "secret_key"
SECRET_KEY = env.secret("SECRET_KEY", file=SECRET_KEY_FILE)
SECRET_KEY_FALLBACKS = env.env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL = env.web_address("SITE_URL", default=f"http://127.0.0.1:{PORT}")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", site=SITE_URL)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SERVED_SECURELY = SITE_URL.startswith("https://")

ORGANISATION_NAME = env.env.str("ORGANISATION_NAME", default=DEMO_ORGANISATION)
ORGANISATION_ADDRESS = env.env.str("ORGANISATION_ADDRESS", default=DEMO_ADDRESS)
DEFAULT_FROM_EMAIL = env.env.str("DEFAULT_FROM_EMAIL", default=DEMO_SENDER)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- What we promise and count ----------------------------------------------------------------

SURVEYS_PER_YEAR = env.integer("SURVEYS_PER_YEAR", default=2, low=1, high=2)
MIN_RESPONSES = 10
# Of reports; unset: that of most rows of revenue.
CURRENCY = env.currency("CURRENCY")

# --- The services we talk to ------------------------------------------------------------------

DATABASES = {
    "default": env.database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'koe.sqlite3'}")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The embedded defaults stand at fixed distances from PORT, so that a second Koe only needs
# another PORT (local/run.py starts them there).
REDIS_URL = env.redis_address("REDIS_URL", default=f"redis://127.0.0.1:{PORT + 379}/0")
CACHES = {
    "default": {
        "BACKEND": "common.caching.cache.FailOpenCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "koe",
        # A page waits no longer than this for a Redis that is away; every user can do without it.
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}

vars().update(env.mail_server("EMAIL_URL", default=f"smtp://127.0.0.1:{PORT + 25}"))
EMAIL_TIMEOUT = 60
# What carries the surveys: a class of surveys/sending/transports/.
TRANSPORT = "surveys.sending.transports.smtp.SmtpTransport"
# Where bounces come back to: bounces@example.com becomes bounces+<invitation and proof>@….
BOUNCE_ADDRESS = env.bounce_address("BOUNCE_ADDRESS")
# To one recipient domain; 0 sets no limit. Gmail and Microsoft 365 welcome one for new senders.
MAILS_PER_DOMAIN_PER_MINUTE = env.integer(
    "MAILS_PER_DOMAIN_PER_MINUTE", default=0, low=0, high=1_000_000
)
# Who carries the e-mails: its headers give our reference back, and its webhook alone is open.
EMAIL_PROVIDER = env.choice(
    "EMAIL_PROVIDER", default=provider_of(vars()["EMAIL_HOST"]), choices=["", *HOSTS]
)
# user:password of its event webhook, /anymail/<provider>/tracking/; without it that is closed.
# Two, separated by a comma, while one is being replaced.
ANYMAIL_WEBHOOK_SECRET = env.env.list("ANYMAIL_WEBHOOK_SECRET", default=[])
# What it signs its events with, where it does.
EMAIL_PROVIDER_KEY = env.env.str("EMAIL_PROVIDER_KEY", default="")
# Whether alerts may go to http:// and into one's own network, such as to a Mattermost there, and
# scheduled imports come from there.
WEBHOOK_ALLOW_PRIVATE = env.boolean("WEBHOOK_ALLOW_PRIVATE", default=False)
EMBEDDED_INBOX = not env.env.str("EMAIL_URL", default="") and not SERVED_SECURELY
INBOX_DIR = VAR_DIR / "mail"

# --- Applications -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts",
    "surveys",
    "analytics",
    "actions",
    "api",
    "common",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "anymail",
    "crispy_forms",
    "crispy_bootstrap5",
]

MIDDLEWARE = [
    "common.web.middleware.HealthByAddress",
    "accounts.web.organisation.FollowsOrganisation",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.web.middleware.PublicPages",
    "api.web.middleware.DelightedDialect",
    "api.web.rest.middleware.RestApi",
    "common.web.middleware.BodyLimit",
    "common.web.middleware.StaffPolicy",
    "common.net.origin.KeepOrigin",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "common.web.middleware.Htmx",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.web.middleware.NoDemoLogins",
    "accounts.web.middleware.RefusedAccess",
    "accounts.web.middleware.SessionLimits",
    "accounts.web.middleware.SecondStep",
    "accounts.web.middleware.StaffLanguage",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.web.context_processors.navigation",
            ],
            "builtins": ["common.templatetags.koe"],
        },
    }
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Staff log-in -----------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.StaffUser"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.web.adapter.StaffAccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.access.login.StaffLoginForm",
    "reset_password": "accounts.forms.access.reset.ResetForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Of wrong passwords, beside allauth's limits by address: of an account from one network, and from
# all of them together.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "login_failed_of_account": "50/h/key",
    # Of answers of a sign-on, which anybody may bring: each refusal is a line of the audit log.
    "sign_on": "60/m/ip",
}
# The link comes from the owner's mailbox, and leads past whoever keeps the limit used up.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Like the other guards of production, it comes with https: the demo log-ins work without.
ADMIN_SECOND_STEP = env.boolean("ADMIN_SECOND_STEP", default=SERVED_SECURELY)
# Of all others, but those whom the organisation's own sign-on let in.
STAFF_SECOND_STEP = env.boolean("STAFF_SECOND_STEP", default=SERVED_SECURELY)
MFA_TOTP_ISSUER = "Koe"
MFA_ADAPTER = "accounts.web.second_step.StaffSecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# With a finger, a face or a PIN, so that a passkey alone is two factors. Also where it is asked
# for as the second one: a challenge is of a session, and does not say for what it was made.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# A log-in is two requests, and an office has one address. There is no secret to be guessed.
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_FORMS = {
    "add_webauthn": "accounts.forms.access.passkeys.AddForm",
    "authenticate_webauthn": "accounts.forms.access.passkeys.AuthenticateForm",
    "login_webauthn": "accounts.forms.access.passkeys.LoginForm",
    "reauthenticate_webauthn": "accounts.forms.access.passkeys.ReauthenticateForm",
    "edit_webauthn": "accounts.forms.access.passkeys.EditForm",
}
# The organisation's own log-in (accounts/web/oidc.py), and whom it brings in as what:
# example.com:cs,boss@example.com:admin.
OIDC_ISSUER = env.env.str("OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env.env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.env.str("OIDC_CLIENT_SECRET", default="")
# Or by SAML, which needs requirements-saml.txt: the certificate is the base64 of its lines.
SAML_ENTITY_ID = env.env.str("SAML_ENTITY_ID", default="")
SAML_SSO_URL = env.env.str("SAML_SSO_URL", default="")
SAML_CERTIFICATE = env.env.str("SAML_CERTIFICATE", default="")
SIGN_ON_NAME = env.env.str("SIGN_ON_NAME", default="SAML" if SAML_ENTITY_ID else "OpenID Connect")
SIGN_ON_ROLES = env.env.str("SIGN_ON_ROLES", default="")
SOCIALACCOUNT_ADAPTER = "accounts.web.sign_on.StaffSignOnAdapter"
# As long as a session lasts at most (accounts/web/middleware.py::SessionLimits).
SESSION_COOKIE_AGE = 12 * 3600
# Admins make the accounts, so no address is ever "verified"; and whoever asks for somebody's new
# password, which is anybody, would leave an unverified one behind and shut out the second step.
MFA_ALLOW_UNVERIFIED_EMAIL = True
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.forms.access.passwords.NotGuessable"},
]

# --- Language and time ------------------------------------------------------------------------

_LANGUAGE_NAMES = {"ja": _("Japanese"), "en": _("English")}
LANGUAGES = [(code, _LANGUAGE_NAMES[code]) for code in languages.LANGUAGES]
LANGUAGE_CODE = env.choice("LANGUAGE_CODE", default="en", choices=languages.LANGUAGES)
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = env.time_zone("TIME_ZONE", default="UTC")
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SERVED_SECURELY

# --- What the organisation says in the browser --------------------------------------------------

# It becomes the settings of these names (accounts/services/organisation.py) where the environment
# does not say them; other processes see a change within so many seconds.
GIVEN_BY_ENVIRONMENT = frozenset(
    name for name in OF_THE_ORGANISATION.values() if os.environ.get(name, "")
)
WITHOUT_ORGANISATION = {
    "ORGANISATION_NAME": ORGANISATION_NAME,
    "ORGANISATION_ADDRESS": ORGANISATION_ADDRESS,
    "DEFAULT_FROM_EMAIL": DEFAULT_FROM_EMAIL,
    "TIME_ZONE": TIME_ZONE,
    "LANGUAGE_CODE": LANGUAGE_CODE,
}
ORGANISATION_FOLLOWED_EVERY: float | None = 5
BRAND_COLOUR = BRAND_LOGO = ""

# --- Static files and uploads -----------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "common.storage.DatabaseStorage"},
    "staticfiles": {"BACKEND": "common.web.storage.StaticStorage"},
}
WHITENOISE_USE_FINDERS = True
# Where files stood before they stood in the database; those that still wait there are found.
MEDIA_ROOT = VAR_DIR / "uploads"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Security ---------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED_SECURELY
if SERVED_SECURELY:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
SECURE_SSL_REDIRECT = env.boolean("SECURE_SSL_REDIRECT", default=SERVED_SECURELY)
# Clients of the API follow no redirect; they are told to speak https.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^v1/", r"^api/v1/"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SERVED_SECURELY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SERVED_SECURELY
# A form posted from a page without referrer carries "Origin: null", which CSRF checks refuse.
SECURE_REFERRER_POLICY = "same-origin"
BEHIND_PROXY = env.boolean("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Else all of staff would share the log-in limits of one address, the proxy's.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
STAFF_CONTENT_SECURITY_POLICY = csp.STAFF_POLICY
PUBLIC_CONTENT_SECURITY_POLICY = csp.PUBLIC_POLICY
# Whoever asks for /metrics shows it; without it the figures are there only on one's own machine.
METRICS_TOKEN = env.env.str("METRICS_TOKEN", default="")
# What `/metrics` tells: functions of the apps, in the order of their floors.
METRIC_SOURCES = [
    "accounts.queries.monitoring.families",
    "surveys.queries.metrics.families",
    "actions.queries.deliveries.monitoring.families",
]

# --- Logs -------------------------------------------------------------------------------------

# Where errors and traces go, beside the log; empty: nowhere. Needs requirements-observe.txt.
SENTRY_DSN = env.env.str("SENTRY_DSN", default="")
OTEL_EXPORTER_OTLP_ENDPOINT = env.env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="")
# Read by `common.monitoring.logs`, also where there are no settings.
LOG_FORMAT = env.choice("LOG_FORMAT", choices=["line", "json"], default="line")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_tokens": {"()": "common.monitoring.logs.TokenFilter"}},
    "formatters": {"line": {"()": "common.monitoring.logs.formatter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_tokens"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.server": {"handlers": ["console"], "propagate": False}},
}

# --- What cannot stay -------------------------------------------------------------------------

checks.refuse(vars())
# What a public installation still misses: admins read it on their home.
UNFINISHED = checks.unfinished(vars())
