FROM nginxinc/nginx-unprivileged:1.27
USER root
RUN mkdir -p /data/uploads
RUN chown 101:101 /data/uploads
USER 101
COPY site.conf /etc/nginx/conf.d/default.conf
EXPOSE 8080
