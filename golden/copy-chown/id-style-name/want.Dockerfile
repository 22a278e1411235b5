FROM php:8.3-cli
WORKDIR /srv/www
COPY --chown=www-data:www-data public/ .
RUN chown www-data:www-data /srv/www
# www-data
USER 33:33
CMD ["php", "-S", "0.0.0.0:8080"]
