# The production image: web, worker, beat and the one-shot migration are the same image with another command
# (docker-compose.yml). Packages come from the hash lock, wheels only, so no compiler is needed in either stage.
FROM python:3.11-slim AS packages
RUN python -m venv /opt/venv
COPY requirements/runtime.txt /tmp/runtime.txt
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: \
    -r /tmp/runtime.txt

FROM python:3.11-slim
RUN groupadd --system --gid 10001 fupin \
    && useradd --system --uid 10001 --gid fupin --home-dir /app --shell /usr/sbin/nologin fupin
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    FUPIN_BOOTSTRAP=0 \
    FUPIN_PROFILE=production \
    VAR_DIR=/app/var
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY . .

# Static files belong to the image, uploads and exports to the volume on var/files, signed scans to var/evidence: a volume over all of var would
# keep the old static files after an upgrade. Production refuses to start without keys; these live for this RUN only.
RUN mkdir -p var/static var/files var/evidence \
    && KEY="k1:$(python -c 'import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())')" \
    && SECRET_KEY="$KEY$KEY" FIELD_KEY="$KEY" INDEX_KEY="$KEY" AUDIT_KEY="$KEY" SEAL_KEY="$KEY" \
       DATABASE_URL=sqlite:////tmp/unused.sqlite3 ALLOWED_HOSTS=localhost \
       python manage.py collectstatic --noinput --verbosity 0 \
    && rm -f /tmp/unused.sqlite3 \
    && chown -R fupin:fupin var

USER fupin
EXPOSE 8000
CMD ["gunicorn", "fupin.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "3", \
     "--threads", "4", "--timeout", "60", "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
