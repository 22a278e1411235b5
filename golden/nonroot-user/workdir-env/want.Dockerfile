FROM node:20-slim
ARG NAME=shop
ENV APP_HOME=/srv/$NAME
WORKDIR ${APP_HOME}
COPY --chown=1000:1000 package.json ${APP_HOME}/
COPY --chown=1000:1000 lib $APP_HOME/lib
RUN chown 1000:1000 /srv/shop
# node
USER 1000:1000
CMD ["node", "lib/main.js"]
