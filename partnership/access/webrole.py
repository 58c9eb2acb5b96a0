"""The second database role: it serves, it owns nothing. Imported by the settings, so no Django models here."""

import hashlib
import hmac

WEB_ROLE = "portal_web"


def derive_web(owner: dict, secret: str) -> dict:
    """The web role's connection for an owner's connection: same server and database, role portal_web.

    The password is derived from SECRET_KEY so that one address is enough on a small installation; where web and owner
    must not share a secret, DATABASE_WEB_URL names the web role's own address instead.
    """
    password = hmac.new(secret.encode(), b"portal_web database role", hashlib.sha256).hexdigest()[:40]
    return owner | {"USER": WEB_ROLE, "PASSWORD": password, "CONN_MAX_AGE": 60}


class OwnerMigrates:
    """A database router: tables are made through `owner` only."""

    def allow_migrate(self, db, app_label, **hints):
        return db == "owner"
