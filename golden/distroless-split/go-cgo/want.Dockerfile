FROM golang:1.22-bookworm AS build
WORKDIR /src
COPY . .
RUN go build -o /out/server .

FROM gcr.io/distroless/base-debian13
COPY --from=build /out/server /usr/local/bin/server
USER 65532:65532
ENTRYPOINT ["server"]
