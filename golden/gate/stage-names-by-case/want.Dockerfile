FROM golang:1.24 AS Build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /srv/api .

FROM alpine:3.20 AS Run
COPY --from=BUILD /srv/api /usr/local/bin/api
RUN addgroup -S -g 10001 appuser \
    && adduser -S -D -u 10001 -G appuser -s /sbin/nologin appuser
# appuser
USER 10001:10001
ENTRYPOINT ["/usr/local/bin/api"]
