FROM python:3.13 AS build
WORKDIR /srv/app
COPY . .
RUN pip install --no-cache-dir --target /srv/lib -r requirements.txt
ENV PYTHONPATH=/srv/lib
CMD python -m app

FROM gcr.io/distroless/python3-debian13
ENV PYTHONPATH=/srv/lib
COPY --from=build /srv/lib /srv/lib
COPY --from=build --chown=65532:65532 /srv/app /srv/app
WORKDIR /srv/app
USER 65532:65532
CMD ["-m", "app"]
