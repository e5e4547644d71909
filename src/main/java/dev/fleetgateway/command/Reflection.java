package dev.fleetgateway.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a machine by gRPC server reflection for the files that describe a service: v1, and v1alpha where it has no v1. One stream
 * for each service; a server sends each file only once on a stream, so what came is kept until the end.
 */
final class Reflection {

    /** Files one service may need: far above the 50 that a whole viam-server has. */
    private static final int MOST_FILES = 500;

    private static final int DEADLINE_SECONDS = 5;

    private Reflection() {}

    /** The files, or null where the machine cannot describe the service. Fails with a {@code StatusRuntimeException}. */
    static CompletableFuture<@Nullable List<ByteString>> files(Channel channel, String service) {
        return ask(channel, ReflectionVersions.V1, service).exceptionallyCompose(failure -> {
            boolean absent = Status.fromThrowable(failure).getCode() == Status.Code.UNIMPLEMENTED;
            return absent ? ask(channel, ReflectionVersions.V1ALPHA, service) : CompletableFuture.failedFuture(failure);
        });
    }

    private static <Q, A> CompletableFuture<@Nullable List<ByteString>> ask(
            Channel channel, ReflectionVersions<Q, A> version, String service) {
        Stream<Q, A> stream = new Stream<>(version);
        MethodDescriptor<Q, A> method = version.method();
        StreamObserver<Q> requests = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)),
                stream);
        stream.begin(requests, service);
        return stream.files;
    }

    private static final class Stream<Q, A> implements StreamObserver<A> {

        private final ReflectionVersions<Q, A> version;
        private final CompletableFuture<@Nullable List<ByteString>> files = new CompletableFuture<>();
        private final Map<String, ByteString> found = new HashMap<>();
        private final Set<String> askedFor = new HashSet<>();
        private @Nullable StreamObserver<Q> requests;
        private int open;
        private boolean known;

        Stream(ReflectionVersions<Q, A> version) {
            this.version = version;
        }

        synchronized void begin(StreamObserver<Q> to, String service) {
            requests = to;
            open = 1;
            to.onNext(version.symbol(service));
        }

        @Override
        public synchronized void onNext(A answer) {
            open--;
            StreamObserver<Q> to = requests;
            if (to == null || files.isDone()) {
                return;
            }
            // An import the machine does not serve is left out; a service it does not know ends the search.
            ReflectionVersions.Answer read = version.read(answer);
            known |= read.error() == null;
            List<String> imports =
                    read.files().stream().map(this::keep).flatMap(List::stream).toList();
            imports.forEach(name -> askFor(name, to));
            if (open == 0) {
                files.complete(known ? List.copyOf(found.values()) : null);
                to.onCompleted();
            }
        }

        private List<String> keep(ByteString content) {
            FileDescriptorProto proto = DescriptorPool.parse(content);
            found.put(proto.getName(), content);
            askedFor.add(proto.getName());
            return proto.getDependencyList();
        }

        /** Most servers send imports together with the file that has them; what is still missing then is asked for. */
        private void askFor(String file, StreamObserver<Q> to) {
            if (askedFor.size() < MOST_FILES && askedFor.add(file)) {
                open++;
                to.onNext(version.file(file));
            }
        }

        @Override
        public void onError(Throwable failure) {
            files.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            files.completeExceptionally(new StatusRuntimeException(
                    Status.UNKNOWN.withDescription("the machine ended the description before it was whole")));
        }
    }
}
