"""rtm_sdk in a Django project: clients from the settings, sending on commit, checks, error reports, tests.

Add ``"rtm_sdk.django"`` to ``INSTALLED_APPS`` and say in ``RTM_SDK`` which clients there are::

    RTM_SDK = {
        "default": {
            "client": "rtm",
            "pid": {"env": "RTM_PID"},
            "secret": {"env": "RTM_SECRET"},
            "endpoint": {"env": "RTM_ENDPOINT"},
        },
    }

Then ``from rtm_sdk.django import chat``, and ``chat["default"]`` is the client. See ``docs/django.md``.
"""

from .clients import chat
from .recording import Sent, outbox

__all__ = ["Sent", "chat", "outbox"]
