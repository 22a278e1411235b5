package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "hello from go")
	})
	http.HandleFunc("/note", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "written: ", os.WriteFile("note", []byte("x"), 0o644))
	})
	http.ListenAndServe(":8080", nil)
}
