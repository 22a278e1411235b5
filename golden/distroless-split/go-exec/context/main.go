package main

import (
	"fmt"
	"net/http"

	"example.test/server/internal/repo"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, repo.Head()) })
	http.ListenAndServe(":8080", nil)
}
