FROM amazoncorretto:21
WORKDIR /app
COPY --chown=10001:10001 build/libs/orders-all.jar orders.jar
RUN echo 'appuser:x:10001:' >> /etc/group \
    && echo 'appuser:x:10001:10001::/home/appuser:/sbin/nologin' >> /etc/passwd \
    && mkdir -p /home/appuser \
    && chown 10001:10001 /app /home/appuser
# appuser
USER 10001:10001
CMD java $JAVA_OPTS -jar orders.jar
