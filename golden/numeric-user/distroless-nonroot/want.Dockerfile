FROM golang:1.24 AS build
COPY . /src
RUN cd /src && CGO_ENABLED=0 go build -o /probe .

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /probe /probe
# nonroot
USER 65532:65532
ENTRYPOINT ["/probe"]
