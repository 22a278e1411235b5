FROM maven:3.9-eclipse-temurin-21 AS build
WORKDIR /src
COPY . .
RUN mvn -q package

FROM gcr.io/distroless/java21-debian13
WORKDIR /app
COPY --from=build /src/target/*.jar app.jar
EXPOSE 8080
USER 65532:65532
ENTRYPOINT ["java", "-jar", "app.jar"]
