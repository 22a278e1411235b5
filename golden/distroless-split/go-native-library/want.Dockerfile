FROM golang:1.22-bookworm AS build
RUN apt-get update && apt-get install -y libsqlite3-dev
WORKDIR /src
COPY . .
RUN go build -o /out/server .

FROM debian:bookworm-slim
COPY --from=build /out/server /server
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser
# appuser
USER 10001:10001
ENTRYPOINT ["/server"]
