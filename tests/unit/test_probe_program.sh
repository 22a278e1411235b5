#!/bin/sh
# The program that verify puts into containers, run here. What listens is looked at in a network of its
# own, where this machine lets us make one.
set -u
probe=$(dirname "$UNROOT")/gen/probe
n=0
ok() { n=$((n + 1)); echo "ok $n - $1"; }
die() { echo "not ok $((n + 1)) - $1"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ ! -s "$probe" ]; then
    echo "ok 1 # skip the probe could not be built for this processor"
    exit 0
fi
file=$(od -An -tx1 -N4 "$probe" | tr -d ' ')
[ "$file" = 7f454c46 ] || die "it is no program"
[ "$(wc -c < "$probe")" -lt 65536 ] || die "it is not small"
ok "small"

[ "$("$probe" self | sed -n 1p)" = "unroot-probe 1" ] || die "its first line"
"$probe" self | grep -q "^self uid $(id -u) gid $(id -g) groups" || die "who we are"
[ "$("$probe" self | tail -n 1)" = done ] || die "its last line"
ok "self"

"$probe" nonsense > /dev/null && die "nonsense is taken"
"$probe" > /dev/null && die "nothing is taken"
ok "wrong arguments"

if ! unshare -rnpf --mount-proc true 2>/dev/null; then
    echo "ok 4 # skip no namespaces can be made"
    exit 0
fi
mkdir -p "$work/empty" "$work/full" "$work/bin" "$work/root/inner"
: > "$work/full/x" && ln -s /full "$work/link" && cp "$probe" "$work/probe"
: > "$work/bin/sh" && chmod 755 "$work/bin/sh"
: > "$work/root/inner/odd name" && chmod 6711 "$work/root/inner/odd name"
ln -s / "$work/root/again"
unshare -r chroot "$work" /probe still /empty /full /none /full/x /link > "$work/said" || die "still"
for line in 'folder empty /empty' 'folder full /full' 'folder none /none' 'folder file /full/x' 'folder full /link' \
    'shell /bin/sh' 'setid 6711 0 0 /root/inner/odd\040name'; do
    grep -qxF "$line" "$work/said" || { cat "$work/said"; die "still: $line"; }
done
[ "$(grep -c '^setid\|^shell' "$work/said")" -eq 2 ] || die "still: too much"
[ "$(tail -n 1 "$work/said")" = done ] || die "it ended early"
ok "still"

cat > "$work/server.py" <<'END'
import http.server, socket, subprocess, sys, threading, time
class Page(http.server.BaseHTTPRequestHandler):
    count = 0
    def do_GET(self):
        Page.count += 1
        body = b"hello" if self.path == "/a?b=c" else b"%d" % Page.count
        self.send_response(200 if self.path == "/a?b=c" else 404)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
def serve(address, family):
    class Server(http.server.HTTPServer):
        address_family = family
    threading.Thread(target=Server(address, Page).serve_forever, daemon=True).start()
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
time.sleep(0.3)
serve(("0.0.0.0", 81), socket.AF_INET)
serve(("127.0.0.1", 82), socket.AF_INET)
serve(("::1", 83), socket.AF_INET6)
mute = socket.create_server(("0.0.0.0", 84))
def hang_up():
    while True:
        mute.accept()[0].close()
threading.Thread(target=hang_up, daemon=True).start()
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 85))
for path in ("/a?b=c", "/other"):
    print(subprocess.run([sys.argv[1], "live", "5000", path, "81", "84"], capture_output=True, text=True).stdout)
END
if ! command -v ip > /dev/null; then
    echo "ok 5 # skip there is no ip program"
    exit 0
fi
unshare -rnpf --mount-proc python3 "$work/server.py" "$probe" > "$work/said" || die "live"
sum=2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824 # of hello
for line in 'listen tcp 81 any' 'listen tcp 82 loopback' 'listen tcp 83 loopback' 'listen tcp 84 any' \
    'listen udp 85 any' "http 81 200 5 $sum 200 5 $sum" "http 82 200 5 $sum 200 5 $sum" \
    "http 83 200 5 $sum 200 5 $sum"; do
    grep -qx "$line" "$work/said" || { cat "$work/said"; die "live: $line"; }
done
grep -q '^http 84 0 0' "$work/said" || die "live: a port that hangs up"
grep -q '^process 1 uid 0 0 0 0 gid 0 0 0 0 groups .* name python' "$work/said" || die "live: processes"
grep '^http 81 404' "$work/said" | awk '{ exit $5 == $8 }' || die "live: a body that changes"
ok "live"
