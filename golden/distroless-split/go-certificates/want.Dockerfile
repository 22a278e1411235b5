FROM golang:1.22 AS build
COPY ca.crt /usr/local/share/ca-certificates/ca.crt
RUN update-ca-certificates
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o server .
CMD ["/app/server"]

FROM gcr.io/distroless/static-debian13
COPY --from=build /app/server /app/server
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /usr/local/share/ca-certificates/ca.crt /usr/local/share/ca-certificates/ca.crt
COPY --from=build /app/ca.crt /app/ca.crt
WORKDIR /app
USER 65532:65532
CMD ["/app/server"]
