FROM nats:2.10
COPY nats.conf /nats-server.conf
USER 10001:10001
