FROM maven:3.9-eclipse-temurin-21 AS build
WORKDIR /app
COPY . .
RUN mvn -q package dependency:copy-dependencies
CMD ["java", "-cp", "target/classes:target/dependency/*", "test.example.Server"]

FROM gcr.io/distroless/java21-debian13
COPY --from=build /app/target/classes /app/target/classes
COPY --from=build /app/target/dependency /app/target/dependency
COPY --from=build /app/config /app/config
WORKDIR /app
USER 65532:65532
ENTRYPOINT ["java"]
CMD ["-cp", "target/classes:target/dependency/*", "test.example.Server"]
