FROM ruby:3.2-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends build-essential \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --chown=10001:10001 . .
RUN bundle install
RUN groupadd --gid 10001 appuser \
 && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
 && chown 10001:10001 /app
# appuser
USER 10001:10001
CMD bundle exec rackup --host 0.0.0.0 --port 4567
