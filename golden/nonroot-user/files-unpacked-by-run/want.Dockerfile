FROM node:22-alpine
WORKDIR /usr/src/app
COPY app.tar.gz ./
RUN tar -xzf app.tar.gz -C /usr/src/app \
 && rm app.tar.gz
EXPOSE 3000
RUN chown -R 1000:1000 /usr/src/app
# node
USER 1000:1000
CMD ["node", "bin/www"]
