FROM nginx:1.27
COPY site.conf /etc/nginx/conf.d/default.conf
EXPOSE 80
RUN touch /run/nginx.pid \
    && chown 101:101 /var/cache/nginx /run/nginx.pid
# nginx
USER 101:101
CMD ["/bin/sh", "-c", "sed -i s/_/$HOSTNAME/ /etc/nginx/conf.d/default.conf && exec nginx -g 'daemon off;'"]
