FROM php:8.3-cli
WORKDIR /srv/site
COPY . .
RUN mkdir -p /srv/site/bootstrap/cache /srv/site/storage \
    && chown -R 33:33 /srv/site/bootstrap/cache /srv/site/storage
# www-data
USER 33:33
CMD ["php", "-S", "0.0.0.0:8000", "-t", "public"]
