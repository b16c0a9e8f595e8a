"""Configure the project, in every environment.

Environments differ only in their variables, which `.env.example` documents. A `.env`
file in the project's folder is read too.
"""

from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.cache import cache_settings
from config.database import database_settings
from config.development import development_tools
from config.env import env, required, secret
from config.errors import report_errors
from config.logging import logging_settings
from config.mail import mail_settings, site_url
from config.security import csp_reporting, security_settings
from config.storage import storage_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG")
tools = development_tools(debug=DEBUG)
INTERNAL_IPS = ["127.0.0.1", "::1"]  # where the debug toolbar is shown

# Application

PROJECT_NAME = "<< cookiecutter.__project_name >>"
SECRET_KEY = required("SECRET_KEY", development="insecure-development-key")
ALLOWED_HOSTS = required(
    "ALLOWED_HOSTS", development="localhost,127.0.0.1,[::1]"
).split(",")
ADMIN_PATH = env.str("ADMIN_PATH", default="admin/")

INSTALLED_APPS = [
    "accounts",
    "tracker",
    "themis",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    *(tool.app for tool in tools),
]

MIDDLEWARE = [
    "themis.health.HealthMiddleware",
    "themis.http.request_log.RequestLogMiddleware",
    "themis.http.headers.HeadersMiddleware",
    "config.metrics.middleware.MetricsMiddleware",
    # % if cookiecutter.django_version == "5.2"
    "csp.middleware.CSPMiddleware",
    # % else
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    # % endif
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    *(tool.middleware for tool in tools),  # they change pages, so after GZip
    "config.passwords.SignInMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "themis.http.preferences.PreferencesMiddleware",
    "themis.security.middleware.SessionRulesMiddleware",
    "themis.http.post_only.PostOnlyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.signup",
                "themis.http.context_processors.themis",
            ],
        },
    },
]
FORM_RENDERER = "themis.forms.renderer.FormRenderer"

# Database, cache and background tasks

DATABASES = {
    "default": database_settings(
        required("DATABASE_URL", development=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": cache_settings(env.cache("CACHE_URL", default="locmemcache://"))}

# Without a broker, Celery runs tasks in the calling process. Limits: config/celery.py.
CELERY_BROKER_URL = secret("CELERY_BROKER_URL")
CELERY_TASK_ALWAYS_EAGER = not CELERY_BROKER_URL

# The port that Prometheus scrapes. Empty: no metrics.
METRICS_PORT = env.str("METRICS_PORT", default="")

# Users and e-mail

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["themis.http.authentication.AuthenticationBackend"]
PASSWORD_HASHERS = ["config.passwords.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SIGNUP_OPEN = env.bool("SIGNUP_OPEN", default=False)
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
# Visitors who sign up must confirm their address. Staff vouch for other accounts.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if SIGNUP_OPEN else "optional"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = SIGNUP_OPEN
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{PROJECT_NAME}] "
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEBUG else "https"
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "accounts.passkeys.AddPasskeyForm"}
MFA_TOTP_ISSUER = PROJECT_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # browsers trust http://localhost
# Rate limits depend on the client's address. Each proxy in front appends one address to
# X-Forwarded-For; the client can forge those before them.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0 if DEBUG else 1)

mail = env.email(
    "EMAIL_URL", default="consolemail://" if DEBUG else "smtp://localhost:25"
)
vars().update(mail_settings(mail))  # as Django names them
AUTHOR_EMAIL = "<< cookiecutter.author_email >>"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=AUTHOR_EMAIL)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Language, time zone and files

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German")), ("fr", _("French"))]
# accounts/wording overrides some of allauth's texts.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "accounts/wording"]
TIME_ZONE = "<< cookiecutter.timezone >>"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
uploads = secret("STORAGE_URL") or (BASE_DIR / "media").as_uri()
STORAGES = storage_settings(uploads, debug=DEBUG)

# Security

CONTENT_SECURITY_POLICY_DIRECTIVES = {
    "default-src": ["'none'"],
    "base-uri": ["'none'"],
    "connect-src": ["'self'"],
    "font-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "img-src": ["'self'", "data:"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    **csp_reporting(),
}
# % if cookiecutter.django_version == "5.2"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": CONTENT_SECURITY_POLICY_DIRECTIVES}
# % else
SECURE_CSP = CONTENT_SECURITY_POLICY_DIRECTIVES
# % endif
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
# Keep it in the session: a separate cookie would need protection too.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Cookies, sessions and TLS: docs/security.md lists the variables.
vars().update(security_settings(debug=DEBUG))

# Logs and errors

LOGGING = logging_settings(debug=DEBUG)
report_errors("" if DEBUG else env.str("SENTRY_DSN", default=""))

# Themis: docs/customizing.md has more

THEMIS_NOTIFICATION_POLL_INTERVAL = env.int(
    "THEMIS_NOTIFICATION_POLL_INTERVAL", default=60
)
THEMIS_NOTIFICATION_MAX_AGE_DAYS = env.int(
    "THEMIS_NOTIFICATION_MAX_AGE_DAYS", default=90
)
THEMIS_API_REQUESTS_PER_MINUTE = env.int("THEMIS_API_REQUESTS_PER_MINUTE", default=300)
THEMIS_API_FAILURES_PER_MINUTE = env.int("THEMIS_API_FAILURES_PER_MINUTE", default=30)
# The base of links in emails, and who gets emails about notifications.
THEMIS_SITE_URL = env.str("SITE_URL", default=site_url(ALLOWED_HOSTS[0], debug=DEBUG))
THEMIS_EMAIL_ADDRESS = "accounts.addresses.verified_address"
THEMIS_HEALTH_TOKEN = secret("THEMIS_HEALTH_TOKEN")
# Your own scopes of API keys: {"tasks:read": _("Read your tasks")}.
THEMIS_API_SCOPES: dict[str, str | Promise] = {}
# Your own health checks: {"storage": "orders.health.check_storage"}.
THEMIS_HEALTH_CHECKS: dict[str, str] = {}
