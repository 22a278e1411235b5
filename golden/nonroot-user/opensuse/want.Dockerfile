FROM opensuse/leap:15.6
RUN zypper --non-interactive install python311 && zypper clean -a
WORKDIR /srv/job
COPY --chown=10001:10001 job.py .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /srv/job
# appuser
USER 10001:10001
CMD ["python3.11", "job.py"]
