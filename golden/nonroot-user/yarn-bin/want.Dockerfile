FROM node:24-slim
WORKDIR /app
COPY --chown=1000:1000 package.json yarn.lock ./
RUN yarn install --frozen-lockfile --production
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["yarn", "serve", "-s", "build", "-l", "5000"]
