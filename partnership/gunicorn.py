"""Gunicorn's settings, for `gunicorn -c partnership/gunicorn.py partnership.wsgi`.

Threads, not an event loop: the code is synchronous, and under ASGI a process would run its views one by one.
"""

import os

from gunicorn.glogging import Logger

from partnership.access.logs import HideTokens


class MaskedLogger(Logger):
    """Gunicorn logs past Django's settings: its access and error logs hide the tokens of one-time links too."""

    def setup(self, cfg):
        super().setup(cfg)
        for log in (self.access_log, self.error_log):
            log.addFilter(HideTokens())


bind = os.environ.get("WEB_BIND", "127.0.0.1:8000").split(",")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "3"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30
graceful_timeout = int(os.environ.get("WEB_GRACEFUL_SECONDS", "25"))
keepalive = 5
# A leak in a library ends with its process; the jitter keeps the workers from ending together.
max_requests = 2000
max_requests_jitter = 200
limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 8190
# Whose X-Forwarded-* headers count: the proxy's address, never everybody's.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
control_socket_disable = True
# No query strings, referrers or agents: a search term is personal data and would outlive the case in a log.
accesslog = "-" if os.environ.get("WEB_ACCESS_LOG") == "1" else None
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"
errorlog = "-"
logger_class = MaskedLogger
loglevel = os.environ.get("WEB_LOG_LEVEL", "info")
