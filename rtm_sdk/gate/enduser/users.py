"""What the gate answers to end users about other users."""

from __future__ import annotations

from ..rtm import users
from .methods import user_method

__all__: list[str] = []

user_method("getonlineusers")(users.get_online_users)
