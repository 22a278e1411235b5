FROM node:20-alpine
WORKDIR /app
COPY --chown=1000:1000 . .
RUN echo "# unroot: ignore=nonroot-user" > note.txt
RUN chown 1000:1000 /app/note.txt /app
# node
USER 1000:1000
CMD ["node", "server.js"]
