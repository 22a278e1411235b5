FROM nginx:1.27@sha256:0a399eb16751829e1af26fea27b20c3ec28d7ab1fb72182879dcae1cca21206a
RUN sed -i 's/listen  *80;/listen 8080;/' /etc/nginx/conf.d/default.conf
COPY public /usr/share/nginx/html
EXPOSE 8080
RUN touch /run/nginx.pid \
    && chown 101:101 /var/cache/nginx /run/nginx.pid
# nginx
USER 101:101
