package main

/*
int answer(void);
*/
import "C"

import (
	"fmt"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, C.answer()) })
	http.ListenAndServe(":8080", nil)
}
