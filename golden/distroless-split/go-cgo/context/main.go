package main

/*
#include <stdlib.h>
*/
import "C"

import (
	"fmt"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, C.abs(-1)) })
	http.ListenAndServe(":8080", nil)
}
