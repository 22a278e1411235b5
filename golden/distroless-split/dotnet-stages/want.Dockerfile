FROM mcr.microsoft.com/dotnet/aspnet:8.0-jammy AS base
USER $APP_UID
WORKDIR /app
EXPOSE 8080

FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build
WORKDIR /src
COPY . .
RUN dotnet publish -c Release -o /app/publish

FROM base AS build-2
WORKDIR /app
COPY --from=build /app/publish .
ENTRYPOINT ["dotnet", "Web.dll"]

FROM mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled-extra AS final
COPY --from=build-2 --chown=1654:1654 /app /app
WORKDIR /app
EXPOSE 8080
USER 1654:1654
ENTRYPOINT ["/usr/bin/dotnet", "Web.dll"]
