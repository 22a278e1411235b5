FROM python:3.12-slim
WORKDIR /srv
COPY --chown=3100:3100 . /srv/svc
RUN useradd --uid 3100 --user-group svc
# svc
USER 3100
CMD ["python", "/srv/svc/main.py"]
