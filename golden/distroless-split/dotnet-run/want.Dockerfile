FROM mcr.microsoft.com/dotnet/aspnet:8.0
WORKDIR /app
COPY --chown=1654:1654 . .
RUN chown 1654:1654 /app
# app
USER 1654:1654
CMD ["dotnet", "Web.exe"]
