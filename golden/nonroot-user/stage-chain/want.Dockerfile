FROM python:3.12-slim AS base
RUN useradd --uid 9000 --create-home app
WORKDIR /home/app

FROM base AS deps
COPY --chown=9000:9000 requirements.txt .
RUN pip install -r requirements.txt

FROM deps
COPY --chown=9000:9000 . .
RUN chown 9000:9000 /home/app
# app
USER 9000:9000
CMD ["python", "serve.py"]
