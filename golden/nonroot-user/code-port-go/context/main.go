package main

import "net/http"

// not ":70"
func main() {
	host := "example.org"
	_, _ = http.Get("https://" + host + ":443")
	_ = http.ListenAndServe(":80", http.NotFoundHandler())
}
