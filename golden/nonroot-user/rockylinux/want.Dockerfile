FROM rockylinux:9
RUN dnf -y install perl-Mojolicious \
	&& dnf clean all
WORKDIR /srv/app
COPY --chown=10001:10001 app.pl .
RUN groupadd --gid 10001 appuser \
	&& useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
	&& chown 10001:10001 /srv/app
# appuser
USER 10001:10001
CMD ["perl", "app.pl", "daemon", "-l", "http://*:3000"]
