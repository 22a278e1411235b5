FROM nginx:1.27
RUN sed -i 's/listen  *80;/listen 8080;/' /etc/nginx/conf.d/default.conf
COPY public /usr/share/nginx/html
EXPOSE 8080
RUN touch /run/nginx.pid \
    && chown 101:101 /var/cache/nginx /run/nginx.pid
# nginx
USER 101:101
