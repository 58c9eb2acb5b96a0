#!/bin/bash
# Run once by the PostgreSQL image, as its superuser, in an empty cluster: the owner who migrates is no superuser.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$OWNER_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE portal_owner LOGIN CREATEDB CREATEROLE PASSWORD :'password';
CREATE DATABASE portal OWNER portal_owner;
SQL
