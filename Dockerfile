# Both stages use the same Debian release: the compiled SQLite driver needs the C library it was built against.
FROM node:22-bookworm AS builder
WORKDIR /build

# The dependencies first: this layer is built anew only when they change.
COPY .npmrc package.json package-lock.json ./
RUN npm ci

COPY src ./src
RUN npm run build

# The program is one file. Of node_modules it needs the SQLite driver alone, and of that neither sources nor headers.
COPY migrations ./migrations
RUN mkdir -p /image/app/dist /image/app/node_modules/better-sqlite3/build/Release /image/usr/local/bin \
  && cp dist/main.js dist/main.js.map /image/app/dist/ \
  && cp -r package.json migrations /image/app/ \
  && cd node_modules \
  && cp -r better-sqlite3/package.json better-sqlite3/lib /image/app/node_modules/better-sqlite3/ \
  && cp better-sqlite3/build/Release/better_sqlite3.node /image/app/node_modules/better-sqlite3/build/Release/ \
  && cp -r bindings file-uri-to-path /image/app/node_modules/ \
  && rm -r /image/app/node_modules/file-uri-to-path/test \
  && printf '#!/bin/sh\nexec node --enable-source-maps /app/dist/main.js "$@"\n' > /image/usr/local/bin/fulfillarr \
  && chmod 755 /image/usr/local/bin/fulfillarr


FROM node:22-bookworm-slim
# /app, and the short name for `docker exec … fulfillarr status`.
COPY --from=builder /image/ /
# Fresh volumes take over this owner.
RUN mkdir /config /data && chown node:node /config /data

# Relative paths start here, so the defaults mean /config/config.yaml and /data. They are no variables, because
# those would go before the file, and a variable that names the file would demand that there is one.
WORKDIR /

# On 127.0.0.1 nobody outside the container would reach it.
# One arena for malloc: each thread would have its own, and they never give back what they had.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    FULFILLARR_HTTP_HOST=0.0.0.0

# Writes to /data only: the root file system may be read-only.
USER node
VOLUME ["/config", "/data"]
EXPOSE 8484
STOPSIGNAL SIGTERM

# The loop's heartbeat, not just an open port. There is no curl in the image. It asks the port of the environment:
# a port for the inside of the container belongs there, not into the file.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.FULFILLARR_HTTP_PORT || 8484) + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# Node itself is the first process and gets the signals; no shell in between. Its space for what is young may have
# 2 MB instead of 16: three of those fill up and stay, however little lives in them. All of its heap may have 512 MB, far
# more than it takes: where it may have gigabytes, as on large machines by default, it lets garbage lie for as long.
ENTRYPOINT ["node", "--enable-source-maps", "--max-semi-space-size=2", "--max-old-space-size=512", "/app/dist/main.js"]
CMD ["run"]
