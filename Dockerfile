# The sidecar as one native file in a small image that runs as nobody in particular. The file is published first, on the host:
#
#   dotnet publish src/SpendGuard.Sidecar -c Release -r linux-x64 -p:PublishAot=true -o artifacts/native
#   docker build -t spendguard .
#   docker run --rm --network host -e OPENAI_API_KEY -e CAP_PRICING_SOURCE=bundled -v spendguard:/data spendguard
#
# CI cannot build images, so that this file is checked by hand only. What is in the image is checked: ./test.sh publishes the native
# file in the same way and runs the sidecar's tests against it.
#
# Outside hosted mode it listens on the loopback address only, so callers share its network: the host's as above, or a pod's.

FROM debian:stable-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates openssl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --create-home spendguard
COPY artifacts/native/SpendGuard.Sidecar /usr/local/bin/spendguard-sidecar
USER 10001
WORKDIR /data
# The native libraries within the file are unpacked here.
ENV XDG_DATA_HOME=/data/.local \
    CAP_SQLITE_PATH=/data/spendguard.db
VOLUME /data
ENTRYPOINT ["/usr/local/bin/spendguard-sidecar"]
