FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends gosu python3 && rm -rf /var/lib/apt/lists/* \
 && useradd -r -u 999 rows
WORKDIR /opt/rows
COPY --chown=999:999 . .
RUN mkdir -p /var/lib/rows \
 && chown 999 /opt/rows /var/lib/rows
# rows
USER 999
ENTRYPOINT ["/opt/rows/entrypoint.bash"]
CMD ["python3", "rows.py"]
