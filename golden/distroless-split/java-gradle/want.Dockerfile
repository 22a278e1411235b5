FROM gradle:8-jdk21 AS build
WORKDIR /src
COPY . .
RUN gradle bootJar

FROM eclipse-temurin:21-jre
COPY --from=build --chown=10001:10001 /src/build/libs/*.jar /app/app.jar
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser
# appuser
USER 10001:10001
ENTRYPOINT ["java", "-jar", "/app/app.jar"]
