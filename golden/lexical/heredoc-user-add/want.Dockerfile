FROM python:3.12-slim
RUN <<EOF
groupadd --gid 7000 app
useradd --uid 7000 --gid 7000 --create-home app
EOF
WORKDIR /app
COPY --chown=7000:7000 . .
RUN chown 7000:7000 /app
# app
USER 7000:7000
CMD ["python", "main.py"]
