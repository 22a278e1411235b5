FROM maven:3.9-eclipse-temurin-21 AS build
WORKDIR /src
COPY . .
RUN mvn -q package

FROM gcr.io/distroless/java21-debian13
ENV JAVA_OPTS="-Xmx512m -Dserver.port=8080"
COPY --from=build /src/target/server.jar /app/app.jar
USER 65532:65532
ENV JAVA_TOOL_OPTIONS="-Xmx512m -Dserver.port=8080"
ENTRYPOINT ["java", "-jar", "/app/app.jar"]
