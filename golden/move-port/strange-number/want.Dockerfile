FROM golang:1.24 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /bin/gateway .

FROM alpine:3.21
COPY --from=build /bin/gateway /bin/gateway
ENV HTTP_PORT=80
EXPOSE 80
RUN addgroup -S -g 10001 appuser \
    && adduser -S -D -u 10001 -G appuser -s /sbin/nologin appuser
# appuser
USER 10001:10001
CMD ["/bin/gateway", "--workers", "80"]
