FROM busybox:1.36
WORKDIR /www
COPY --chown=10001:10001 public .
EXPOSE 8080
RUN addgroup -S -g 10001 appuser \
    && adduser -S -D -u 10001 -G appuser -s /sbin/nologin appuser \
    && chown 10001:10001 /www
# appuser
USER 10001:10001
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
