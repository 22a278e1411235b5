FROM golang:1.24 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /server .

FROM gcr.io/distroless/static-debian12
# an empty directory that is the user's
COPY --from=gcr.io/distroless/static-debian12 --chown=65532:65532 /home/nonroot /data
COPY --from=build /server /server
VOLUME /data
# nonroot
USER 65532:65532
ENTRYPOINT ["/server", "--store", "/data"]
