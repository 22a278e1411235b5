FROM eclipse-temurin:21 AS build
WORKDIR /src
COPY . .
RUN ./gradlew shadowJar

FROM gcr.io/distroless/java21-debian12
COPY --from=build /src/build/libs/mailer-all.jar /mailer.jar
# nonroot
USER 65532:65532
CMD ["/mailer.jar"]
