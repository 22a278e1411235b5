FROM golang:1.24 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /out/app . && cp scripts/run.sh /out/run.sh && chmod 755 /out/run.sh

FROM debian:12-slim
WORKDIR /srv/app
COPY --from=build /src/scripts/run.sh ./
COPY --from=build /out/app /usr/local/bin/
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /srv/app
# appuser
USER 10001:10001
CMD ["./run.sh"]
