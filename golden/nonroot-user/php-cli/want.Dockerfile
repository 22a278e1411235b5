FROM php:8.3-cli
RUN docker-php-ext-install pdo_mysql pcntl
WORKDIR /var/www/worker
COPY --chown=33:33 . .
RUN chown 33:33 /var/www/worker
# www-data
USER 33:33
CMD ["php", "bin/consume.php"]
