FROM nginx:1.29.3-bookworm
COPY templates/default.conf.template /etc/nginx/templates/
COPY public /usr/share/nginx/html
RUN touch /run/nginx.pid \
    && chown 101:101 /var/cache/nginx /run/nginx.pid \
    && chown -R 101:101 /etc/nginx/conf.d
# nginx
USER 101:101
