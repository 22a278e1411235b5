FROM gcr.io/distroless/python3-debian12:debug
# an empty directory that is the user's
COPY --from=gcr.io/distroless/python3-debian12:debug --chown=65532:65532 /home/nonroot /app
WORKDIR /app
COPY --chown=65532:65532 main.py .
# nonroot
USER 65532:65532
CMD ["main.py"]
