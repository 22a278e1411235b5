FROM golang:1.22 AS build
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o server .
CMD ["/app/server"]

FROM gcr.io/distroless/static-debian13 AS server
COPY --from=build /app/server /app/server
WORKDIR /app
USER 65532:65532
CMD ["/app/server"]
