FROM eclipse-temurin:17-jre-alpine
WORKDIR /app
COPY --chown=10001:10001 target/*.jar app.jar
RUN addgroup -S -g 10001 appuser \
    && adduser -S -D -u 10001 -G appuser -s /sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
ENTRYPOINT ["/bin/sh", "-c", "exec java $JAVA_OPTS -jar app.jar"]
