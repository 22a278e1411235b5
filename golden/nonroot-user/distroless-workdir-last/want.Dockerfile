FROM golang:1.24 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /server .

FROM gcr.io/distroless/static-debian12:latest AS run
ENV LANG=C
# an empty directory that is the user's
COPY --from=gcr.io/distroless/static-debian12:latest --chown=65532:65532 /home/nonroot /app
COPY --from=build /server /app/
WORKDIR /app
# nonroot
USER 65532:65532
CMD ["/app/server"]
