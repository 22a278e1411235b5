FROM fedora:41
RUN dnf install -y python3-flask && dnf clean all
WORKDIR /srv/status
COPY --chown=10001:10001 status.py .
EXPOSE 5000
RUN echo 'appuser:x:10001:' >> /etc/group \
    && echo 'appuser:x:10001:10001::/home/appuser:/sbin/nologin' >> /etc/passwd \
    && mkdir -p /home/appuser \
    && chown 10001:10001 /srv/status /home/appuser
# appuser
USER 10001:10001
CMD ["python3", "status.py"]
