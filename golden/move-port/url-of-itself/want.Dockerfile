FROM node:22-slim
ENV PORT=80
ENV INTERNAL_API=http://localhost:80/api
WORKDIR /app
COPY --chown=1000:1000 server.js .
EXPOSE 80
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
