FROM gradle:8-jdk17 AS build
COPY --chown=gradle:gradle . /home/gradle/src
WORKDIR /home/gradle/src
RUN gradle bootJar --no-daemon

FROM openjdk:17-slim
RUN mkdir /app
COPY --from=build --chown=10001:10001 /home/gradle/src/build/libs/*.jar /app/
WORKDIR /app
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
ENTRYPOINT ["java", "-XX:+UseContainerSupport", "-jar", "tracker.jar"]
