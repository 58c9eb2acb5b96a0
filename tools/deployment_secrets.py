"""Write the files that docker-compose.yml reads its secrets from: `tools/deployment_secrets.py portal.example.org`.

.deployment/ (mode 0700) gets portal.env, owner.env, database.env and broker.env (0600), each with what its services may
know and no more. Files that are there are never replaced: a lost IDENTITY_KEYS cannot be made again.
"""

import base64
import os
import re
import secrets
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / ".deployment"
HOST = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


def files(host: str) -> dict[str, dict[str, str]]:
    """Return {file name: {variable: value}} with fresh random secrets for the portal at https://`host`."""
    owner, web, broker = (secrets.token_hex(24) for _ in range(3))
    return {
        "portal.env": {
            "ALLOWED_HOSTS": host,
            "BEHIND_PROXY": "1",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "IDENTITY_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
            "DATABASE_WEB_URL": f"postgres://portal_web:{web}@database:5432/portal",
            "REDIS_URL": f"redis://:{broker}@broker:6379/0",
            "CLAMAV_URL": "tcp://clamav:3310",
        },
        "owner.env": {"DATABASE_URL": f"postgres://portal_owner:{owner}@database:5432/portal"},
        "database.env": {
            "POSTGRES_USER": "postgres",
            "POSTGRES_PASSWORD": secrets.token_hex(24),
            "OWNER_PASSWORD": owner,
        },
        "broker.env": {"BROKER_PASSWORD": broker},
    }


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not HOST.fullmatch(arguments[0]):
        print("usage: tools/deployment_secrets.py HOST, the portal's host name in lower case", file=sys.stderr)
        return 2
    if FOLDER.exists():
        print(f"{FOLDER.name}/ is there already; its secrets stay as they are.", file=sys.stderr)
        return 1
    FOLDER.mkdir(mode=0o700)
    for name, variables in files(arguments[0]).items():
        descriptor = os.open(FOLDER / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.writelines(f"{variable}={value}\n" for variable, value in variables.items())
    print(f"{FOLDER.name}/ is written. Keep a copy of portal.env apart from the database's backups.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
