FROM cgr.dev/chainguard/wolfi-base
RUN apk add --no-cache python-3.12
WORKDIR /app
COPY --chown=65532:65532 . .
RUN chown 65532:65532 /app
# nonroot
USER 65532:65532
CMD ["python3.12", "main.py"]
