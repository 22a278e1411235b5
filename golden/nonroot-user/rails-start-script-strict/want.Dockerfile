FROM ruby:3.4-slim
WORKDIR /rails
COPY . .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && mkdir -p /rails/log /rails/storage /rails/tmp \
    && chown -R 10001:10001 /rails/log /rails/storage /rails/tmp
# appuser
USER 10001:10001
ENTRYPOINT ["/rails/bin/docker-entrypoint"]
CMD ["./bin/rails", "server"]
