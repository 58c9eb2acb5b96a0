"""Is the portal up: database and broker, as JSON."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import JsonResponse
from redis import Redis, RedisError


def healthz(request):
    """{"database": "ok"|"down", "broker": "ok"|"down"}; 200 when both answer, else 503."""
    state = {"database": _database(), "broker": _broker()}
    return JsonResponse(state, status=200 if set(state.values()) == {"ok"} else 503)


def _database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "ok"


def _broker():
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as broker:
            broker.ping()
    except RedisError:
        return "down"
    return "ok"
