FROM nginxinc/nginx-unprivileged:1.27
COPY nginx/ /etc/nginx/
EXPOSE 8080
