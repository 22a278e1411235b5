FROM oven/bun:1
WORKDIR /app
COPY --chown=1000:1000 package.json bun.lock ./
RUN bun install --frozen-lockfile
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /app
# bun
USER 1000:1000
CMD ["bun", "index.ts"]
