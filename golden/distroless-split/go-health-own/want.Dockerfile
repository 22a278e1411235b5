FROM golang:1.22 AS build
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o server .
HEALTHCHECK --interval=30s CMD /app/server -health
CMD ["/app/server"]

FROM gcr.io/distroless/static-debian13
COPY --from=build /app/server /app/server
WORKDIR /app
HEALTHCHECK --interval=30s CMD ["/app/server", "-health"]
USER 65532:65532
CMD ["/app/server"]
