FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build
WORKDIR /src
COPY . .
RUN dotnet publish -c Release -o /out
FROM mcr.microsoft.com/dotnet/aspnet:8.0
WORKDIR /app
COPY --from=build --chown=1654:1654 /out .
RUN chown 1654:1654 /app
# app
USER 1654:1654
ENTRYPOINT ["dotnet", "Web.dll"]
