FROM golang:1.25-trixie AS build
WORKDIR /src
COPY . .
RUN go build -o /out/server .

FROM debian:trixie-slim
COPY --from=build /out/server /server
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser
# appuser
USER 10001:10001
ENTRYPOINT ["/server"]
