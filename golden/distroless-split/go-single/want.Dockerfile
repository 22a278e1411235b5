FROM golang:1.22 AS build
WORKDIR /app
COPY . .
ENV CGO_ENABLED=0
RUN go build -o server .
EXPOSE 8080
CMD ["./server"]

FROM gcr.io/distroless/static-debian13
COPY --from=build /app/server /app/server
COPY --from=build /app/templates /app/templates
WORKDIR /app
EXPOSE 8080
USER 65532:65532
CMD ["./server"]
