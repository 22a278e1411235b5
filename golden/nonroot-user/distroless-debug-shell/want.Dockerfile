FROM gcr.io/distroless/python3-debian12:debug
SHELL ["/busybox/sh", "-c"]
WORKDIR /app
COPY --chown=65532:65532 main.py .
RUN chown 65532:65532 /app
# nonroot
USER 65532:65532
CMD ["main.py"]
