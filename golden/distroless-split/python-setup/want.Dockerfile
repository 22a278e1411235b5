FROM python:3.13 AS build
WORKDIR /src
COPY . .
RUN pip install .
WORKDIR /data
CMD ["python", "-m", "greet"]

FROM build AS packages
RUN rm -rf /usr/local/lib/python3.13/site-packages/pip /usr/local/lib/python3.13/site-packages/pip-*.dist-info

FROM gcr.io/distroless/python3-debian13
COPY --from=packages /usr/local/lib/python3.13/site-packages /usr/local/lib/python3.13/dist-packages
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build /src /src
WORKDIR /data
USER 65532:65532
CMD ["-m", "greet"]
