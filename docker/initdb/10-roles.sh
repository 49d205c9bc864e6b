#!/usr/bin/env bash
# Runs once, when the database volume is empty. Two roles (ruling 12):
#   fupin_owner  owns the schema and migrates
#   fupin_app    reads and writes rows; may not create, alter, truncate or drop anything
# The append-only tables lose UPDATE and DELETE after each migration: `manage.py grant_app_role`.
set -euo pipefail

# quote_literal by psql (:'name'): a password with any character in it is taken as it is.
psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set owner_password="$DB_OWNER_PASSWORD" --set app_password="$DB_APP_PASSWORD" <<'SQL'
CREATE ROLE fupin_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE fupin_app LOGIN PASSWORD :'app_password';
ALTER ROLE fupin_owner SET timezone = 'UTC';
ALTER ROLE fupin_app SET timezone = 'UTC';
CREATE DATABASE fupin OWNER fupin_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE fupin FROM PUBLIC;
-- TEMPORARY: bulk writes go through a temporary table (COPY, then one UPDATE).
GRANT CONNECT, TEMPORARY ON DATABASE fupin TO fupin_app;
\connect fupin
ALTER SCHEMA public OWNER TO fupin_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO fupin_app;
ALTER DEFAULT PRIVILEGES FOR ROLE fupin_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO fupin_app;
ALTER DEFAULT PRIVILEGES FOR ROLE fupin_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO fupin_app;
SQL
