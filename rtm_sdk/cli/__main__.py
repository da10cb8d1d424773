"""`python -m rtm_sdk.cli` is `rtm`."""

import sys

from . import main

sys.exit(main())
