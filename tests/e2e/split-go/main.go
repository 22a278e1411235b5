package main

import (
	"fmt"
	"html/template"
	"net/http"
	"os"
)

var page = template.Must(template.ParseFiles("templates/page.html"))

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		page.Execute(w, os.Getenv("GREETING"))
	})
	http.HandleFunc("/static/", func(w http.ResponseWriter, r *http.Request) {
		http.StripPrefix("/static/", http.FileServer(http.Dir("static"))).ServeHTTP(w, r)
	})
	http.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "fine") })
	http.ListenAndServe(":"+os.Getenv("PORT"), nil)
}
