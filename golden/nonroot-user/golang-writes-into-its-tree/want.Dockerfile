FROM golang:1.19
WORKDIR /srv/guestbook
COPY . .
RUN go build -o guestbook ./cmd/guestbook
EXPOSE 8080
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown -R 10001:10001 /srv/guestbook
# appuser
USER 10001:10001
CMD ["./guestbook", "-entries", "data/entries.jsonl"]
