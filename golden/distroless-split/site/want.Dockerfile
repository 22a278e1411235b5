FROM node:24 AS build
WORKDIR /src
COPY . .
RUN npm run build

FROM nginxinc/nginx-unprivileged:1.27-alpine
COPY --from=build /src/dist /usr/share/nginx/html
COPY site.conf /etc/nginx/conf.d/default.conf
EXPOSE 8080
