# Three stages: the browser side, the English catalogue, and what runs.
FROM node:22-slim AS browser
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY frontend frontend
RUN npm run build

FROM python:3.11-slim AS words
WORKDIR /app
COPY requirements-dev.lock ./
# Of the tools, only what compiles the catalogue; pinned and hashed like everything else.
RUN awk '/^[a-z]/ { keep = /^(asgiref|babel|django|sqlparse)==/ } keep' requirements-dev.lock > words.lock \
 && pip install --no-cache-dir --require-hashes -r words.lock
COPY tools tools
COPY src src
RUN python tools/messages.py --compile

FROM python:3.11-slim
ENV PYTHONPATH=/app/src \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NUMBA_CACHE_DIR=/app/var/numba \
    SUJIN_MODE=production \
    SUJIN_VAR=/app/var
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY --from=words /app/src src
COPY --from=browser /app/src/sujin/platform/static/build src/sujin/platform/static/build
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin sujin \
 && install -d -o sujin -g sujin -m 700 var
USER sujin
VOLUME /app/var
EXPOSE 8000
HEALTHCHECK --start-period=60s --interval=30s --timeout=6s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://localhost:8000/readyz', timeout=5)"]
ENTRYPOINT ["python", "-m", "sujin"]
CMD ["up", "--host", "0.0.0.0", "--workers", "2"]
