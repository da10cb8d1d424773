"""Settings of the sample; what is special to rtm_sdk is at the end."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = os.environ.get("SHOP_SECRET_KEY", "only-for-the-sample")
DEBUG = os.environ.get("SHOP_DEBUG", "yes") == "yes"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
USE_TZ = True

INSTALLED_APPS = ["rtm_sdk.django", "shop"]
MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("SHOP_DATABASE", BASE_DIR / "shop.sqlite3"),
        "OPTIONS": {"timeout": 30},  # seconds: SQLite has one writer at a time, the others wait
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if "RTM_ENDPOINT" in os.environ:
    RTM_SDK = {
        "default": {
            "client": "rtm",
            "pid": {"env": "RTM_PID"},
            "secret": {"env": "RTM_SECRET"},
            "endpoint": {"env": "RTM_ENDPOINT"},
        }
    }
else:
    RTM_SDK = {"default": {"client": "rtm", "backend": "gate"}}
