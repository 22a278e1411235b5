FROM eclipse-temurin:21-jre
WORKDIR /opt/billing
COPY --chown=10001:10001 target/billing.jar billing.jar
EXPOSE 8080
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /opt/billing
# appuser
USER 10001:10001
ENTRYPOINT ["java", "-jar", "billing.jar"]
