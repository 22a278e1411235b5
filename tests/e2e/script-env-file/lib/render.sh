render() {
    echo "$GREETING"
}
