# The portal behind a TLS proxy; docker-compose.yml runs it with its database and broker. See docs/running.md.

FROM node:22-bookworm AS front
WORKDIR /portal
COPY package.json package-lock.json ./
COPY tools/front.py tools/front.py
COPY static static
RUN python3 tools/front.py --production

FROM python:3.12-slim-bookworm AS packages
COPY requirements/runtime.txt /tmp/runtime.txt
RUN python -m venv /opt/portal \
    && /opt/portal/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/runtime.txt

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-liberation libfontconfig1 libharfbuzz-subset0 libharfbuzz0b libpango-1.0-0 libpangoft2-1.0-0 \
        # Office papers become PDFs (docs/adr/0031).
        bubblewrap fonts-crosextra-caladea fonts-crosextra-carlito libreoffice-calc-nogui libreoffice-impress-nogui \
        libreoffice-writer-nogui \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 0700 /srv/documents
COPY --from=packages /opt/portal /opt/portal
WORKDIR /portal
COPY . .
COPY --from=front /portal/static/vendor static/vendor
# The static files belong to the image (/srv/portal/static), the documents to a volume (/srv/documents).
ENV PATH=/opt/portal/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PORTAL_DATA=/srv/portal \
    DOCUMENT_ROOT=/srv/documents \
    XDG_CACHE_HOME=/tmp/cache \
    WEB_BIND=0.0.0.0:8000
# collectstatic reads the settings, which demand these; it connects to nothing, and none of them stays in the image.
RUN SECRET_KEY=unused-while-building IDENTITY_KEYS=unused \
    DATABASE_WEB_URL=postgres://unused@unused/unused REDIS_URL=redis://unused CLAMAV_URL=tcp://unused:3310 \
    python manage.py collectstatic --noinput --verbosity=0
USER portal
EXPOSE 8000
CMD ["gunicorn", "-c", "partnership/gunicorn.py", "partnership.wsgi"]
