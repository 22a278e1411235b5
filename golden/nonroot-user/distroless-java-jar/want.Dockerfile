FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY . .
RUN mvn -q package

FROM gcr.io/distroless/java17-debian12
COPY --from=build /build/target/shop.jar /shop.jar
# nonroot
USER 65532:65532
CMD ["/shop.jar"]
