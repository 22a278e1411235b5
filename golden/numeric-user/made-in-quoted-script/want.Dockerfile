FROM ruby:3.3-slim
ENV KEEPER_UID=1200
WORKDIR /srv
RUN bash -c "set -o pipefail && groupadd -g \"${KEEPER_UID}\" keeper \
  && useradd -m -u \"${KEEPER_UID}\" -g \"${KEEPER_UID}\" keeper && chown keeper:keeper /srv"
# keeper
USER 1200
COPY --chown=keeper:keeper . .
CMD ["ruby", "shelf.rb"]
