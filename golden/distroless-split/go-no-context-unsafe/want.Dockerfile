FROM golang:1.22 AS build
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o server .
CMD ["./server"]

FROM gcr.io/distroless/static-debian13
COPY --from=build --chown=65532:65532 /app /app
WORKDIR /app
USER 65532:65532
CMD ["./server"]
