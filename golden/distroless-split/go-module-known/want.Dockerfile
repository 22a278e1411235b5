FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /out/server .


FROM gcr.io/distroless/static-debian13
COPY --from=build /out/server /server
USER 65532:65532
ENTRYPOINT ["/server"]
