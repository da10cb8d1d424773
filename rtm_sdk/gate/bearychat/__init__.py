"""What the gate answers to calls of the BearyChat API. Each domain is a file; importing it enters its endpoints."""

from . import channels as channels
from . import emoji as emoji
from . import files as files
from . import messages as messages
from . import meta as meta
from . import p2p as p2p
from . import pins as pins
from . import reactions as reactions
from . import rtm as rtm
from . import session_channels as session_channels
from . import stickers as stickers
from . import team as team
from . import users as users
from . import vchannels as vchannels
