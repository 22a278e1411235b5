package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, os.WriteFile("note", nil, 0o644)) })
	http.ListenAndServe(":8080", nil)
}
