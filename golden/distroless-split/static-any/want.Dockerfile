FROM ghcr.io/acme/zig:1 AS build
COPY . /src
RUN make -C /src

FROM gcr.io/distroless/static-debian13
COPY --from=build /src/server /server
USER 65532:65532
ENTRYPOINT ["/server"]
