FROM eclipse-temurin:21-jre
WORKDIR /srv/api
ARG AGENT_URL
ADD --chown=10001:10001 ${AGENT_URL} /opt/agent.jar
ADD --chown=10001:10001 https://repo.example.com/agent.properties /opt/agent.properties
COPY --chown=10001:10001 build/libs/api.jar .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /srv/api
# appuser
USER 10001:10001
CMD ["java", "-javaagent:/opt/agent.jar", "-jar", "api.jar"]
