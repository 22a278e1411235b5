FROM archlinux:latest
RUN pacman -Syu --noconfirm nodejs npm && pacman -Scc --noconfirm
WORKDIR /srv/site
COPY --chown=10001:10001 . .
RUN npm ci
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /srv/site
# appuser
USER 10001:10001
CMD ["node", "site.js"]
