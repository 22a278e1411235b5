FROM redis:7-alpine
COPY redis.conf /etc/redis.conf
# redis
USER 999:1000
CMD ["redis-server", "/etc/redis.conf"]
