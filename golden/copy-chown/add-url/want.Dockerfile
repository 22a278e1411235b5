FROM eclipse-temurin:21-jre
WORKDIR /opt/agent
ADD --chown=10001:10001 https://repo.example.com/agent-1.9.jar agent.jar
COPY --chown=10001:10001 build/libs/api.jar api.jar
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /opt/agent
# appuser
USER 10001:10001
CMD ["java", "-javaagent:agent.jar", "-jar", "api.jar"]
