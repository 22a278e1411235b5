FROM ruby:3.3-slim
RUN useradd --uid 10001 -r -s /usr/sbin/nologin queue
WORKDIR /app
COPY --chown=10001:10001 . .
RUN chown 10001 /app
# queue
USER 10001
CMD ["ruby", "queue.rb"]
