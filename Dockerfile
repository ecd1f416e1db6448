FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates ffmpeg \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY shared ./shared
COPY recorder ./recorder

# The one place that is written to, and only while storage is slow or away. The mount takes over its owner.
RUN mkdir /scratch && chown node:node /scratch
VOLUME /scratch
ENV TMPDIR=/scratch NODE_ENV=production

USER node
# Node strips the types as it loads the files. As the first process it gets the signals that stop the task.
CMD ["node", "recorder/main.ts"]
