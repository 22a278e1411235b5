FROM golang:1.24 AS build
COPY . /src
RUN cd /src && CGO_ENABLED=0 go build -o /sync .

FROM scratch
COPY --from=build /sync /sync
COPY --chown=65534:65534 state /state
USER 65534:65534
ENTRYPOINT ["/sync"]
