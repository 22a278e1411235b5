FROM rabbitmq:3.13
RUN rabbitmq-plugins enable --offline rabbitmq_management
COPY rabbitmq.conf /etc/rabbitmq/
EXPOSE 15672
# rabbitmq
USER 999:999
