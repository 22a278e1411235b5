package main

import "os/exec"
