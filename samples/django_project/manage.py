"""A shop that tells its buyers what becomes of their orders.

    python manage.py migrate && python manage.py runserver

Then open http://127.0.0.1:8000/. Messages go to a gate in the same process; with RTM_PID, RTM_SECRET and RTM_ENDPOINT
in the environment they go there (`rtm gate` prints these three).
"""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    execute_from_command_line(sys.argv)
