FROM nginxinc/nginx-unprivileged:stable
COPY shop.conf /etc/nginx/conf.d/shop.conf
EXPOSE 8080 8443
