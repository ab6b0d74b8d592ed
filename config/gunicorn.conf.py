"""How `smartcity serve` runs gunicorn. Copy and change it, then start with `smartcity serve --config FILE`.

The application is loaded once in the master: faulty content stops the start with all its problems, and the worker
processes share the memory of the compiled content. What must not cross a fork (database connections) is given up in
the new process by `post_fork`.
"""

from __future__ import annotations

import gc
import os
from typing import Any

from lti_tool.metric_files import delete_shared_folder, share_between_processes
from lti_tool.observability import logging_config
from lti_tool.settings import load_settings
from lti_tool.slow_clients import NoAccessLog, PatientWorker

_settings = load_settings(os.environ)
share_between_processes()  # before the application makes its first metric

wsgi_app = "lti_tool.wsgi:app"
bind = _settings.bind
preload_app = True
pidfile = str(_settings.pidfile) if _settings.pidfile else None  # `smartcity content reload` looks there

worker_class = PatientWorker  # threads that no slow client holds up (decision 0046)
workers = _settings.web_workers
threads = _settings.web_threads

timeout = 30  # no request of ours waits for a platform
graceful_timeout = 20
keepalive = 15
limit_request_line = 8190  # logins by GET carry long hints
limit_request_fields = 60
limit_request_field_size = 8190
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 -- gunicorn wants a string; the heartbeat must not wait for a disk

# Which forwarded headers count is decided in one place, the application (SMARTCITY_TRUSTED_PROXIES), never here.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}

logger_class = NoAccessLog
logconfig_dict = logging_config(_settings.log_level, _settings.log_format)
loglevel = _settings.log_level


def when_ready(_server: Any) -> None:
    """Move what was loaded out of the collector's sight, so that the workers keep sharing its memory."""
    gc.collect()
    gc.freeze()


def on_reload(server: Any) -> None:
    """SIGHUP: read the content anew, then replace the processes one by one; each finishes what it has begun.

    Faulty content changes nothing: all its problems are in the log, and the content that runs stays.
    """
    from lti_tool.wsgi import made_anew  # noqa: PLC0415 -- importing it makes the application

    gc.unfreeze()
    server.app.callable = made_anew(server.app.wsgi())
    gc.collect()
    gc.freeze()


def on_exit(_server: Any) -> None:
    """Delete what the processes counted."""
    delete_shared_folder()


def post_fork(_server: Any, worker: Any) -> None:
    """Give up the master's database connections without closing them under its feet."""
    tool = worker.app.wsgi().extensions["smartcity"]
    tool.sessions.kw["bind"].dispose(close=False)
