package repo

import "os/exec"

func Head() string {
	out, _ := exec.Command("git", "rev-parse", "HEAD").Output()
	return string(out)
}
