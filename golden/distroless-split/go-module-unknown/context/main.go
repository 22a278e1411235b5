package main

import (
	"fmt"
	"net/http"

	"example.org/team/thing"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, thing.Name()) })
	http.ListenAndServe(":8080", nil)
}
