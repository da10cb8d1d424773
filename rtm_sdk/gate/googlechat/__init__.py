"""What the gate answers to calls of the Google Chat API. Each domain is a file; importing it registers its methods."""

from . import availability as availability
from . import custom_emoji as custom_emoji
from . import events as events
from . import media as media
from . import members as members
from . import messages as messages
from . import notifications as notifications
from . import pins as pins
from . import reactions as reactions
from . import read_state as read_state
from . import search as search
from . import sections as sections
from . import spaces as spaces
