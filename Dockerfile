# Runs with a read-only root file system and as nobody in particular; only /releases (and /tmp, in memory) is written.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev
WORKDIR /src
COPY requirements.lock ./
RUN sed -n '/^uv==/,/[^\\]$/p' requirements.lock > uv.lock \
    && pip install --no-cache-dir --require-hashes -r uv.lock
COPY pyproject.toml README.md LICENSE ./
COPY data data
COPY graph graph
COPY understanding understanding
COPY autocomplete autocomplete
COPY retrieval retrieval
COPY api api
# Constraints carry the lock's hashes: every wheel is verified, and what only developers need stays out.
RUN uv venv --python /usr/local/bin/python /opt/intentrie \
    && uv pip install --no-cache --compile-bytecode --python /opt/intentrie/bin/python \
        --constraint requirements.lock --build-constraint requirements.lock .
# Beside the installed module, not the one that lies here.
RUN cd / && /opt/intentrie/bin/python -m data.compile_c autocomplete.matching.kernel data.trees

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 intentrie \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin intentrie \
    && install --directory --owner 10001 --group 10001 /releases
COPY --from=build /opt/intentrie /opt/intentrie
ENV PATH=/opt/intentrie/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    INTENTRIE_HOST=0.0.0.0 \
    INTENTRIE_PORT=8000 \
    INTENTRIE_RELEASES=/releases
USER 10001:10001
VOLUME /releases
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"INTENTRIE_PORT\"]}/health/ready', timeout=2)"]
ENTRYPOINT ["intentrie"]
CMD ["serve"]
