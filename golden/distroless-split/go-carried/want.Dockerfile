FROM golang:1.22 AS build
MAINTAINER team@example.test
ARG VERSION=dev
ENV CGO_ENABLED=0 APP_HOME=/app
ENV GREETING good day
ENV PATH=$APP_HOME/bin:$PATH VERSION=${VERSION}
LABEL org.opencontainers.image.version=$VERSION
LABEL a="b c"
WORKDIR $APP_HOME
COPY . .
RUN go build -o bin/server .
EXPOSE 8080 9090/udp
STOPSIGNAL SIGINT
ENTRYPOINT ["/app/bin/server"]
CMD ["--verbose"]

FROM gcr.io/distroless/static-debian13
ENV APP_HOME=/app
ENV GREETING="good day"
ARG VERSION=dev
ENV PATH=/app/bin:$PATH VERSION=${VERSION}
COPY --from=build /app/bin/server /app/bin/server
WORKDIR /app
LABEL maintainer=team@example.test
LABEL org.opencontainers.image.version=$VERSION
LABEL a="b c"
EXPOSE 8080 9090/udp
STOPSIGNAL SIGINT
USER 65532:65532
ENTRYPOINT ["/app/bin/server"]
CMD ["--verbose"]
