package main

import (
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		text, err := os.ReadFile("templates/hello.txt")
		if err != nil {
			text = []byte(err.Error())
		}
		w.Write(text)
	})
	http.ListenAndServe(":8080", nil)
}
