"""Settings: one file for every profile; what differs comes from the environment (`fupin.env`)."""

import base64
import secrets
import sys
import tempfile
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from core.web.static_files import add_weak_tag
from fupin.env import BASE_DIR, env, profile, secret

PROFILE = profile()
PRODUCTION = PROFILE == "production"
VERSION = "0.1.0"  # as in pyproject.toml; a test compares them
TESTING = "pytest" in sys.modules

VAR_DIR = Path(env.str("VAR_DIR", "") or BASE_DIR / "var")
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
_KEYS = VAR_DIR / ("test-keys" if TESTING else "keys")


def _field_key() -> str:
    return "k1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


SECRET_KEY = secret("SECRET_KEY", _KEYS / "secret_key", make=get_random_secret_key)
FIELD_KEY = secret("FIELD_KEY", _KEYS / "field_key", make=_field_key)
FIELD_KEY_PREVIOUS = env.str("FIELD_KEY_PREVIOUS", "")
INDEX_KEY = secret("INDEX_KEY", _KEYS / "index_key", make=_field_key)
AUDIT_KEY = secret("AUDIT_KEY", _KEYS / "audit_key", make=_field_key)
SEAL_KEY = secret("SEAL_KEY", _KEYS / "seal_key", make=_field_key)
INDEX_KEY_PREVIOUS = env.str("INDEX_KEY_PREVIOUS", "")
AUDIT_KEY_PREVIOUS = env.str("AUDIT_KEY_PREVIOUS", "")
SEAL_KEY_PREVIOUS = env.str("SEAL_KEY_PREVIOUS", "")
CRYPTO_SUITE = env.str("CRYPTO_SUITE", "intl")
CRYPTO_INDEX_SUITE = env.str("CRYPTO_INDEX_SUITE", "intl")

DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "js_lib_bootstrap5",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "core",
    "villages",
    "accounts",
    "households",
    "assessment",
    "reports",
    "fupin",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.web.limits.DatabaseLimitsMiddleware",
    "core.web.middleware.OriginMiddleware",
    "core.web.middleware.GoOnMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.ScopeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.web.middleware.NullCharacterMiddleware",
    "core.web.middleware.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "fupin.urls"
WSGI_APPLICATION = "fupin.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.shell",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'fupin.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # BEGIN IMMEDIATE: a read-then-write transaction under DEFERRED fails at once with "database is locked" (trust E1).
    # recursive_triggers: without it INSERT OR REPLACE goes round the delete guard of an append-only table (trust E2).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;",
    }
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DB_CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {})["connect_timeout"] = 5

# Of a web request, on PostgreSQL; 0 = without end. Jobs and commands have none (core.web.limits).
DB_STATEMENT_SECONDS = env.int("DB_STATEMENT_SECONDS", 20)
DB_LOCK_SECONDS = env.int("DB_LOCK_SECONDS", 10)
DB_IDLE_SECONDS = env.int("DB_IDLE_SECONDS", 60)

REDIS_URL = env.str("REDIS_URL", "")
EMBEDDED_JOBS = not REDIS_URL
CELERY_BROKER_URL = REDIS_URL or "memory://localhost"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": 3600, "socket_timeout": 5, "socket_connect_timeout": 3, "max_retries": 0}  # a nudge that fails is the reaper's: no page waits for Redis
    if REDIS_URL
    else {"polling_interval": 0.1}
)
CELERY_BEAT_SCHEDULE = {
    "reap-jobs": {"task": "core.reap_jobs", "schedule": 15.0},
    "tidy": {"task": "fupin.tidy", "schedule": 6 * 3600.0},
    "due": {"task": "fupin.due", "schedule": 60.0},
}
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", 45)
JOB_ATTEMPTS = env.int("JOB_ATTEMPTS", 3)
EXPORT_DAYS = env.int("EXPORT_DAYS", 7)
EXPORT_APPROVAL_DAYS = env.int("EXPORT_APPROVAL_DAYS", 3)
EXPORT_FULL_PER_DAY = env.int("EXPORT_FULL_PER_DAY", 3)
FILES_DIR = VAR_DIR / ("test-files" if TESTING else "files")
EVIDENCE_DIR = VAR_DIR / ("test-evidence" if TESTING else "evidence")  # signed scans: kept for good, backed up
EVIDENCE_DIR.mkdir(mode=0o700, exist_ok=True)
PROCEDURES_DIR = Path(env.str("PROCEDURES_DIR", "") or VAR_DIR / ("test-procedures" if TESTING else "procedures"))  # a county's own, one file each
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "uploads"  # never the machine's shared /tmp: an upload holds numbers in the clear
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
tempfile.tempdir = str(FILE_UPLOAD_TEMP_DIR)  # the workbook writer spools its parts through tempfile too
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", 30 * 1024 * 1024)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.LoginBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
# By account, never by address alone: forty colleagues behind one address must stay able to log in (trust I4).
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1 / 6
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_TEMPLATE = "login_locked.html"
AXES_ENABLE_ADMIN = False
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXY_COUNT or None
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_MINUTES", 30) * 60
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_HOURS", 10) * 3600
OBJECTION_DAYS = env.int("OBJECTION_DAYS", 10)
DELEGATION_MOST_DAYS = env.int("DELEGATION_MOST_DAYS", 30)
REAUTH_MINUTES = env.int("REAUTH_MINUTES", 15 if PRODUCTION else 0)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "core.web.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    },
    "EXCLUDE_URL_PREFIXES": ("/api/docs/",),
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
DATE_FORMAT = "Y年n月j日"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_ADD_HEADERS_FUNCTION = add_weak_tag
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api_auth.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.errors.handle_exception",
    "UNAUTHENTICATED_USER": None,
    "UPLOADED_FILES_USE_URL": False,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "扶贫户情管理接口",
    "DESCRIPTION": "按令牌限定地区的只读数据接口与试算接口。",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING" if TESTING else "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "axes": {"level": "CRITICAL"},
        "celery": {"level": "WARNING"},
    },
}
