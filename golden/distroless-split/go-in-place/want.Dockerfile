FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /out/server .
RUN mkdir /empty


FROM gcr.io/distroless/static-debian13
COPY --from=build --chown=65532:65532 /empty /srv/app
WORKDIR /srv/app
COPY --from=build /out/server /usr/local/bin/server
EXPOSE 8080
USER 65532:65532
CMD ["server"]
