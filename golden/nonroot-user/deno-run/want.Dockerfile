FROM denoland/deno:2.1.4
WORKDIR /app
COPY --chown=1993:1993 . .
RUN chown 1993:1993 /app
# deno
USER 1993:1993
CMD ["run", "--allow-net", "main.ts"]
