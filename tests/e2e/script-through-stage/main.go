package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
)

func main() {
	name := flag.String("name", "nobody", "who answers")
	flag.Parse()
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		log := "lost"
		if _, err := os.Stat("logs/app.log"); err == nil {
			log = "kept"
		}
		fmt.Fprintf(w, "%s, log %s", *name, log)
	})
	http.ListenAndServe(":8080", nil)
}
