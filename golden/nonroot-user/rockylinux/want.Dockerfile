FROM rockylinux:9
RUN dnf -y install perl-Mojolicious \
	&& dnf clean all
COPY --chown=10001:10001 app.pl /srv/app/app.pl
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser
# appuser
USER 10001:10001
CMD ["perl", "/srv/app/app.pl", "daemon", "-l", "http://*:3000"]
