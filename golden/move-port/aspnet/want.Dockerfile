FROM mcr.microsoft.com/dotnet/aspnet:6.0
ENV ASPNETCORE_URLS=http://+:8080
WORKDIR /app
EXPOSE 8080
EXPOSE 443
COPY --chown=10001:10001 publish .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
ENTRYPOINT ["dotnet", "Shop.dll"]
