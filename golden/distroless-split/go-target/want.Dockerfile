FROM golang:1.22 AS compiler
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /out/server .

FROM compiler AS build
WORKDIR /app
RUN cp /out/server /app/server
CMD ["/app/server"]

FROM gcr.io/distroless/static-debian13 AS prod
COPY --from=build /app/server /app/server
WORKDIR /app
USER 65532:65532
CMD ["/app/server"]

FROM alpine:3.20
RUN echo data > /data

FROM alpine:3.20 AS test
COPY --from=3 /data /data
CMD ["cat", "/data"]
