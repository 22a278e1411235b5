FROM ruby:3.3-slim
RUN useradd -u 1200 -m rails
WORKDIR /home/rails
COPY . .
# rails: a number, for runAsNonRoot
USER 1200
CMD ["bundle", "exec", "puma"]
