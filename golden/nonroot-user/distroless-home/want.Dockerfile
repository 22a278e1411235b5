FROM gcr.io/distroless/python3-debian12
WORKDIR /home/nonroot
COPY --chown=65532:65532 main.py .
# nonroot
USER 65532:65532
CMD ["main.py"]
