FROM public.ecr.aws/amazonlinux/amazonlinux:2023
RUN dnf install -y python3.11 && dnf clean all
WORKDIR /opt/report
COPY --chown=10001:10001 report.py .
RUN echo 'appuser:x:10001:' >> /etc/group \
    && echo 'appuser:x:10001:10001::/home/appuser:/sbin/nologin' >> /etc/passwd \
    && mkdir -p /home/appuser \
    && chown 10001:10001 /opt/report /home/appuser
# appuser
USER 10001:10001
CMD ["python3.11", "report.py"]
