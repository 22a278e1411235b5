from golang:1.22 as build
workdir /app
copy . .
run CGO_ENABLED=0 go build -o server .
cmd ["/app/server"]

from gcr.io/distroless/static-debian13
copy --from=build /app/server /app/server
workdir /app
user 65532:65532
cmd ["/app/server"]
