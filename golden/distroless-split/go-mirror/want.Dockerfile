FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /out/server .


FROM registry.example.test/mirror/distroless/static-debian12
COPY --from=build /out/server /server
USER 65532:65532
ENTRYPOINT ["/server"]
