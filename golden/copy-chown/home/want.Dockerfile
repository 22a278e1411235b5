FROM python:3.12-slim
RUN useradd --uid 2500 --create-home --user-group bot
COPY --chown=2500:2500 .netrc.example /home/bot/
COPY --chown=2500:2500 bot /home/bot/bot
WORKDIR /home/bot
# bot
USER 2500:2500
CMD ["python", "-m", "bot"]
