FROM node:24-bookworm-slim AS bundle
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY infra ./infra
COPY shared ./shared
COPY recorder ./recorder
RUN node infra/bundle-recorder.ts /out

FROM node:24-bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates ffmpeg \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY --from=bundle /out/ ./

ENV NODE_ENV=production

# Where media wait for storages that do not answer; a volume in its place belongs to whoever owns the folder here.
RUN install --directory --owner=node --group=node /scratch
VOLUME /scratch

USER node
# The worker of post-processing is started as worker.mjs instead. As the first process it gets the signals that stop the task.
CMD ["node", "--max-semi-space-size=1", "recorder.mjs"]
