"""The product's settings, and one more room at the top in which the chosen fault is planted."""

import os

from sujin.config.settings import *  # noqa: F403
from sujin.config.settings import INSTALLED_APPS, PROCRASTINATE_WORKER_DEFAULTS

if os.environ.get("CRASH_FAULT") or os.environ.get("CRASH_POINT"):
    INSTALLED_APPS = [*INSTALLED_APPS, "tests.crash.faults.apps.FaultsConfig"]
if os.environ.get("CRASH_HURRY"):
    # A test does not wait ten seconds for a dead worker.
    PROCRASTINATE_WORKER_DEFAULTS = {
        "update_heartbeat_interval": 0.3,
        "stalled_worker_timeout": 1.5,
    }
