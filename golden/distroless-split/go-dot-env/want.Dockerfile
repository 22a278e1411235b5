FROM golang:1.22 AS build
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o server ./cmd/server
CMD ["/app/server"]

FROM gcr.io/distroless/static-debian13
COPY --from=build /app/server /app/server
COPY --from=build /app/.env /app/.env
COPY --from=build /app/content /app/content
WORKDIR /app
USER 65532:65532
CMD ["/app/server"]
