FROM maven:3.9-eclipse-temurin-8 AS build
WORKDIR /src
COPY . .
RUN mvn -q package

FROM eclipse-temurin:8-jre
COPY --from=build --chown=10001:10001 /src/target/server.jar /app/app.jar
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser
# appuser
USER 10001:10001
ENTRYPOINT ["java", "-jar", "/app/app.jar"]
