FROM golang:1.24 AS build
COPY . /src
RUN cd /src && CGO_ENABLED=0 go build -o /usr/bin/operator ./main.go

FROM registry.access.redhat.com/ubi9/ubi-micro:latest
COPY --from=build /usr/bin/operator /usr/bin/operator
RUN echo 'appuser:x:10001:' >> /etc/group \
    && echo 'appuser:x:10001:10001::/home/appuser:/sbin/nologin' >> /etc/passwd \
    && mkdir -p /home/appuser \
    && chown 10001:10001 /home/appuser
# appuser
USER 10001:10001
ENTRYPOINT ["/usr/bin/operator"]
