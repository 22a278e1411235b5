FROM confluentinc/cp-kafka:7.5.0
COPY server.properties /etc/kafka/server.properties
# appuser
USER 1000
