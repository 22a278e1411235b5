FROM rabbitmq:3.13
COPY enabled_plugins rabbitmq.conf /etc/rabbitmq/
EXPOSE 15672
# rabbitmq
USER 999:999
