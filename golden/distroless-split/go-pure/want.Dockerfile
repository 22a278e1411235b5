FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN go build -o /usr/local/bin/ticker .
CMD ["ticker"]

FROM gcr.io/distroless/static-debian13
COPY --from=build /usr/local/bin/ticker /usr/local/bin/ticker
WORKDIR /src
USER 65532:65532
CMD ["ticker"]
