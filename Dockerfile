# The handoff server: `docker build -t handoff-otel .`, or the whole system: `docker compose up --build`.
# `.ci/run image` replays these steps without an engine, so use only FROM, WORKDIR, COPY, RUN, ENV, USER, EXPOSE, HEALTHCHECK,
# STOPSIGNAL and CMD, and paths below the working directory.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY tools ./tools
COPY src ./src
COPY migrations ./migrations
RUN npm run build

# What the server loads, without what only building and testing need. Its libraries are optional peers of the package, which
# npm counts as development dependencies here; naming them makes npm install them, in the locked versions.
FROM node:24.21.0-bookworm-slim AS libraries
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm install --omit=dev --no-save --save-prod --ignore-scripts --no-audit --no-fund \
    $(node -p "const { devDependencies: versions } = require('./package.json'); ['@aws-sdk/client-s3', '@modelcontextprotocol/node', '@modelcontextprotocol/server', '@opentelemetry/api', '@vscode/tree-sitter-wasm', 'cockatiel', 'hdr-histogram-js', 'ioredis', 'lru-cache', 'pg', 'pg-boss', 'pino', 'zod'].map((name) => name + '@' + versions[name]).join(' ')")

FROM node:24.21.0-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production
COPY package.json ./
COPY --from=libraries /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# The user `node`, by number: Kubernetes cannot tell from a name whether it is root.
USER 1000:1000
EXPOSE 3000 9464
# Whether the server is of use: it fails when unhealthy, not when degraded. It finds the admin port by HANDOFF_ADMIN_PORT, which must not be 0.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=6 CMD ["node", "dist/cli.js", "health"]
STOPSIGNAL SIGTERM
CMD ["node", "dist/cli.js", "serve"]
