FROM node:20-alpine
WORKDIR /app
COPY --chmod=644 --chown=1000:1000 <<"THE END" app.json
{"user": "USER 0"}
END
THE END
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "."]
