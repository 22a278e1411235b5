FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /out/server .
RUN mkdir /empty


FROM gcr.io/distroless/static-debian13
COPY --from=build --chown=65532:65532 /empty /data
COPY --from=build --chown=65532:65532 /empty /var/lib/server
COPY --from=build /out/server /server
VOLUME /data
USER 65532:65532
ENTRYPOINT ["/server"]
