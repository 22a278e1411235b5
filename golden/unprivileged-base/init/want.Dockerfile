FROM nginxinc/nginx-unprivileged:1.27-alpine
USER root
RUN apk add --no-cache tini
USER 101
ENV PORT=80
COPY site.conf /etc/nginx/conf.d/default.conf
EXPOSE 8080
ENTRYPOINT ["tini", "--"]
CMD ["nginx", "-g", "daemon off;"]
