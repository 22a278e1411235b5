package main

/*
#include <stdlib.h>
static int twice(int n) { return abs(n) * 2; }
*/
import "C"

import (
	"fmt"
	"net/http"
	"os/user"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		_, err := user.LookupId("0")
		fmt.Fprint(w, C.twice(-21), err)
	})
	http.ListenAndServe(":8080", nil)
}
