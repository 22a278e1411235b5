FROM rust:1.80 AS build
RUN rustup target add x86_64-unknown-linux-musl && apt-get update && apt-get install -y musl-tools
WORKDIR /src
COPY . .
RUN cargo build --release --target x86_64-unknown-linux-musl

FROM gcr.io/distroless/static-debian13
COPY --from=build /src/target/x86_64-unknown-linux-musl/release/server /server
USER 65532:65532
ENTRYPOINT ["/server"]
