FROM nginx:1.27
COPY nginx/ /etc/nginx/
EXPOSE 80
RUN touch /run/nginx.pid \
    && chown 101:101 /var/cache/nginx /run/nginx.pid
# nginx
USER 101:101
