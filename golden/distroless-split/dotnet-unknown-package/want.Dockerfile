FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build
WORKDIR /src
COPY . .
RUN dotnet publish -c Release -o /out
RUN mkdir /empty
FROM mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled-extra
COPY --from=build --chown=1654:1654 /empty /app
WORKDIR /app
COPY --from=build --chown=1654:1654 /out .
USER 1654:1654
ENTRYPOINT ["/usr/bin/dotnet", "Web.dll"]
