FROM golang:1.24 AS build
COPY . /src
RUN cd /src && CGO_ENABLED=0 go build -o /out/ .

FROM debian:12-slim
WORKDIR /svc
COPY --from=build /out/svc svc
COPY --from=build --chown=10001:10001 /src/templates templates
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /svc
# appuser
USER 10001:10001
ENTRYPOINT ["/svc/svc"]
