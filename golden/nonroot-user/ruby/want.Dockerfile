FROM ruby:3.3
WORKDIR /rails
COPY --chown=10001:10001 Gemfile Gemfile.lock ./
RUN bundle install --without development test
COPY --chown=10001:10001 . .
RUN mkdir -p tmp/pids log storage
EXPOSE 3000
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /rails/tmp/pids /rails/tmp /rails/log /rails/storage /rails
# appuser
USER 10001:10001
CMD ["bundle", "exec", "puma", "-C", "config/puma.rb"]
