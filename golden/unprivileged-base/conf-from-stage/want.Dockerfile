FROM node:22 AS build
WORKDIR /src
COPY deploy ./deploy
RUN mkdir dist && cp deploy/index.html dist/

FROM nginxinc/nginx-unprivileged:latest
COPY --from=build /src/dist /usr/share/nginx/html
COPY --from=build /src/deploy/site.conf /etc/nginx/conf.d/default.conf
EXPOSE 8080
