FROM ruby:3.4-slim
WORKDIR /rails
COPY --chown=10001:10001 Gemfile Gemfile.lock ./
RUN bundle install
COPY --chown=10001:10001 . .
EXPOSE 3000
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /rails
# appuser
USER 10001:10001
CMD ["bundle", "exec", "puma", "-b", "tcp://0.0.0.0:3000"]
