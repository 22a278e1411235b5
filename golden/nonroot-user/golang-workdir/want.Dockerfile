FROM golang:1.23-alpine AS build
WORKDIR /src
COPY . .
RUN go build -o /bin/app .

FROM alpine:3.20
WORKDIR /app
COPY --from=build /bin/app .
COPY --chown=10001:10001 config.yaml .
RUN addgroup -S -g 10001 appuser \
    && adduser -S -D -u 10001 -G appuser -s /sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
ENTRYPOINT ["./app"]
CMD ["--config", "config.yaml"]
