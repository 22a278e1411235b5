FROM golang:1.22-alpine AS build
WORKDIR /src
COPY . .
RUN apk add --no-cache git && go build -o /out/server .

FROM gcr.io/distroless/static-debian13
COPY --from=build /out/server /server
USER 65532:65532
ENTRYPOINT ["/server"]
