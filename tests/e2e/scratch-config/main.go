package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
)

func main() {
	var config struct{ Greeting string }
	text, err := os.ReadFile("/config/app.json")
	if err != nil || json.Unmarshal(text, &config) != nil {
		os.Exit(1)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, config.Greeting)
	})
	http.ListenAndServe(":8080", nil)
}
