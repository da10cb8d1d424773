"""The client of BearyChat."""

from __future__ import annotations

from .client import BearyChatClient as BearyChatClient
from .rate_limit import RateLimit as RateLimit
from .webhook import BearyChatWebhook as BearyChatWebhook
