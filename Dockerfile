# The sidecar as one native file in a small image that runs as nobody in particular.
#
# CI cannot build images, so that this file is checked by hand only. What it runs is checked: ./test.sh publishes the same native file
# in the same way and runs the sidecar's tests against it.
#
#   docker build -t spendguard .
#   docker run --rm --network host -e OPENAI_API_KEY -e CAP_PRICING_SOURCE=bundled -v spendguard:/data spendguard
#
# Outside hosted mode it listens on the loopback address only, so callers share its network: the host's as above, or a pod's.

ARG DOTNET=mcr.microsoft.com/dotnet

FROM ${DOTNET}/sdk:10.0 AS build
RUN apt-get update && apt-get install -y --no-install-recommends clang zlib1g-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Directory.Build.props Directory.Packages.props global.json .editorconfig README.md ./
COPY src src
# A lock file of its own, as in test.sh: the native compiler is no part of the ordinary build.
RUN dotnet publish src/SpendGuard.Sidecar --configuration Release --use-current-runtime -p:PublishAot=true \
      -p:NuGetLockFilePath=obj/native.lock.json -p:RestoreLockedMode=false --output /published \
    && mkdir /data

FROM ${DOTNET}/runtime-deps:10.0
# The user of the base image that is not root.
COPY --from=build --chown=$APP_UID:$APP_UID /data /data
COPY --from=build /published/SpendGuard.Sidecar /usr/local/bin/spendguard-sidecar
USER $APP_UID
WORKDIR /data
# The native libraries within the file are unpacked here.
ENV XDG_DATA_HOME=/data/.local \
    CAP_SQLITE_PATH=/data/spendguard.db
VOLUME /data
ENTRYPOINT ["/usr/local/bin/spendguard-sidecar"]
