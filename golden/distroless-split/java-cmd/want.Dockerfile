FROM maven:3.9-eclipse-temurin-21 AS build
WORKDIR /src
COPY . .
RUN mvn -q package

FROM gcr.io/distroless/java21-debian13
COPY --from=build /src/target/server.jar /app/app.jar
USER 65532:65532
CMD ["/app/app.jar", "--spring.profiles.active=prod"]
