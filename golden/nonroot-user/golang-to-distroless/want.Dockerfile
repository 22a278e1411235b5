FROM golang:1.24 AS build
WORKDIR /go/src/pager
COPY . .
RUN CGO_ENABLED=0 go build -o /pager ./cmd/pager

FROM gcr.io/distroless/static-debian12
COPY --from=build /pager /
# nonroot
USER 65532:65532
CMD ["/pager"]
