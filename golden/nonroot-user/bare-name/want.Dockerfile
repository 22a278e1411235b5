FROM golang:1.23 AS build
COPY . /src
RUN cd /src && CGO_ENABLED=0 go build -o /out/relay .

FROM alpine:3.20
COPY --from=build /out/relay /usr/local/bin/
RUN addgroup -S -g 10001 appuser \
    && adduser -S -D -u 10001 -G appuser -s /sbin/nologin appuser
# appuser
USER 10001:10001
CMD ["relay", "--listen", ":8080"]
