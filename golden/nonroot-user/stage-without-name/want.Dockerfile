FROM golang:1.24-alpine
WORKDIR /src
COPY . .
RUN go build -o /app .

FROM alpine:3.20
COPY --from=0 /app /usr/local/bin/app
RUN addgroup -S -g 10001 appuser \
    && adduser -S -D -u 10001 -G appuser -s /sbin/nologin appuser
# appuser
USER 10001:10001
CMD ["/usr/local/bin/app"]
