FROM nginx:1.27
COPY sites/ /etc/nginx/conf.d/
RUN for f in /etc/nginx/conf.d/*.conf; do sed -i 's/80/8000/' "$f"; done
EXPOSE 80
RUN touch /run/nginx.pid \
    && chown 101:101 /var/cache/nginx /run/nginx.pid
# nginx
USER 101:101
