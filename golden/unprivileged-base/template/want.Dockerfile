FROM nginxinc/nginx-unprivileged:1.29-alpine
ENV NGINX_PORT=8080 \
    API_HOST=api
COPY templates/ /etc/nginx/templates/
COPY public /usr/share/nginx/html
EXPOSE ${NGINX_PORT}
