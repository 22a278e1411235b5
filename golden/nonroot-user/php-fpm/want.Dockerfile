FROM php:8.2-fpm-alpine
RUN docker-php-ext-install opcache
WORKDIR /var/www/html
COPY --chown=82:82 . .
EXPOSE 9000
RUN chown 82:82 /var/www/html
# www-data
USER 82:82
CMD ["php-fpm"]
