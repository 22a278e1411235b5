FROM maven:3.9-eclipse-temurin-21 AS build
WORKDIR /src
COPY . .
RUN mvn -q package

FROM gcr.io/distroless/java21-debian13
COPY --from=build /src/target/server.jar /app/app.jar
USER 65532:65532
ENTRYPOINT ["java"]
CMD ["-Xmx512m", "-XX:+UseG1GC", "-Djava.security.egd=file:/dev/./urandom", "-jar", "/app/app.jar"]
