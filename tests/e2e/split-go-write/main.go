package main

import (
	"fmt"
	"net/http"
	"os"
)

func write(path string) error { return os.WriteFile(path, []byte("x"), 0o644) }

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "wrote ", write("note"), write("/var/lib/server/state"), write("/data/log"))
	})
	http.ListenAndServe(":8080", nil)
}
