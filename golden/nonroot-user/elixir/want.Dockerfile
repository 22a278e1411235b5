FROM elixir:1.16 AS build
WORKDIR /src
COPY . .
RUN mix deps.get && mix release

FROM debian:12-slim
WORKDIR /app
COPY --from=build --chown=10001:10001 /src/_build/prod/rel/shop ./
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
CMD ["/app/bin/shop", "start"]
