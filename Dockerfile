# The gateway on a Debian-slim JRE 25. Debian's own Java: it is mended together with the libraries beside it, and what both stages
# run is the same build of it. (A runtime made by jlink would be smaller, and wants a list of modules that nobody keeps true.)
#
#   docker build -t fleet-gateway .                        builds the jar, too
#   ./mvnw package && docker build --build-arg JAR=target -t fleet-gateway .      takes the one that is there
ARG JAR=source

FROM debian:trixie-slim AS jdk
RUN apt-get update \
 && apt-get install -y --no-install-recommends openjdk-25-jdk-headless ca-certificates curl \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build

FROM jdk AS source
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src/main src/main
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -B -q package -Dmaven.test.skip=true \
 && mv target/fleet-gateway-*.jar gateway.jar

FROM jdk AS target
COPY target/fleet-gateway-*.jar gateway.jar

FROM ${JAR} AS layers
# Plain jars and no loader of Spring Boot's: the JVM finds classes faster so.
RUN java -Djarmode=tools -jar gateway.jar extract --layers --destination layers

FROM debian:trixie-slim
# Below the JRE: what the native part of WebRTC is linked against.
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
    openjdk-25-jre-headless \
    libpulse0 libx11-6 libxfixes3 libxrandr2 libxcomposite1 libdbus-1-3 libudev1 \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 65532 gateway \
 && useradd --uid 65532 --gid 65532 --no-create-home --home-dir /var/lib/fleet-gateway --shell /usr/sbin/nologin gateway \
 && install -d -o 65532 -g 65532 /var/lib/fleet-gateway
WORKDIR /app
# What changes least comes first, so that a new version of the gateway is a small layer on the same libraries.
COPY --from=layers /build/layers/dependencies/ ./
COPY --from=layers /build/layers/snapshot-dependencies/ ./
COPY --from=layers /build/layers/application/ ./

# The door stays on loopback, 127.0.0.1:8090: access is OPEN only in this version. Health and meters are on a port of their own, which
# anybody may reach. The last known good addresses go to /var/lib/fleet-gateway; all else that is written goes to /tmp.
ENV SPRING_CONFIG_ADDITIONAL_LOCATION=optional:file:/etc/fleet-gateway/settings/ \
    MANAGEMENT_SERVER_ADDRESS=0.0.0.0 \
    MANAGEMENT_SERVER_PORT=8091 \
    XDG_STATE_HOME=/var/lib
EXPOSE 8090 8091
USER 65532:65532
# Half of the memory is left to data channels, sockets and code. In a small container the JVM would choose a collector that stops the
# world for as long as it takes, and a gateway that stands still ends all leases. One out of memory is started anew.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=50", "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError", \
    "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", \
    "-jar", "/app/gateway.jar"]
