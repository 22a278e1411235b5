FROM rust:1.80-bullseye AS build
WORKDIR /src
COPY . .
RUN cargo build --release

FROM debian:bullseye-slim
COPY --from=build /src/target/release/server /usr/local/bin/server
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser
# appuser
USER 10001:10001
CMD ["server"]
