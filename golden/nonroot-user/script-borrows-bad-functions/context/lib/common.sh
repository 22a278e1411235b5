prepare() {
    ln -sf "/usr/share/zoneinfo/$TZ" /etc/localtime
}
