FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /out/server .
# copied where a directory has to be the user's
RUN mkdir /empty


FROM gcr.io/distroless/static-debian13
COPY --from=build --chown=65532:65532 /empty /data
WORKDIR /data
COPY --from=build /out/server /server
# do not run as root
USER 65532:65532
ENTRYPOINT ["/server"]
