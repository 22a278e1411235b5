FROM python:3.13 AS build
RUN pip install prometheus_client
COPY exporter.py /
CMD ["python", "/exporter.py"]

FROM build AS packages
RUN rm -rf /usr/local/lib/python3.13/site-packages/pip /usr/local/lib/python3.13/site-packages/pip-*.dist-info

FROM gcr.io/distroless/python3-debian13
COPY --from=packages /usr/local/lib/python3.13/site-packages /usr/local/lib/python3.13/dist-packages
COPY --from=build /exporter.py /exporter.py
USER 65532:65532
CMD ["/exporter.py"]
