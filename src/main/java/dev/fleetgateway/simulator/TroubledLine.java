package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Stands at the front of a connection's pipeline while the machine's network is in trouble. Bytes pass late, or wait for the end of
 * it as those of TCP do; neither side sees the connection close meanwhile.
 */
final class TroubledLine extends ChannelDuplexHandler {

    /** Nobody reads more from the socket while so much waits. */
    private static final long MOST_UNREAD = Lane.MOST_HELD / 2;

    private final Time time;
    private @Nullable Lane<Object> inwards;
    private @Nullable Lane<Written> outwards;
    private boolean reading = true;

    TroubledLine(Time time) {
        this.time = time;
    }

    private record Written(Object message, ChannelPromise promise) {}

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        inwards = new Lane<>(time, context.executor(), TroubledLine::size, message -> {
            context.fireChannelRead(message);
            context.fireChannelReadComplete();
            regulate(context);
        });
        outwards = new Lane<>(time, context.executor(), written -> size(written.message()), written -> {
            var _ = context.writeAndFlush(written.message(), written.promise());
        });
    }

    /** Lets the connection fare so from now on; where all is well again, steps out of its way. On its event loop only. */
    void becomes(ChannelHandlerContext context, Passage passage) {
        Lane<Object> in = inwards;
        Lane<Written> out = outwards;
        if (in == null || out == null) {
            return;
        }
        reading = passage.inwards();
        in.becomes(passage.inwards(), passage.delay());
        out.becomes(passage.outwards(), passage.delay());
        if (!passage.equals(Passage.FREE)) {
            regulate(context);
        } else if (in.torn() || out.torn()) {
            var _ = context.close();
        } else {
            context.channel().config().setAutoRead(true);
            context.pipeline().remove(this);
        }
    }

    private void regulate(ChannelHandlerContext context) {
        Lane<Object> in = inwards;
        context.channel().config().setAutoRead(reading && in != null && in.held() < MOST_UNREAD);
    }

    private static int size(Object message) {
        return message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Lane<Object> in = inwards;
        if (in == null || !in.put(message)) {
            ReferenceCountUtil.release(message);
        }
        regulate(context);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        // Said with each message that has passed.
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (reading) {
            context.read();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        Lane<Written> out = outwards;
        if (out == null || !out.put(new Written(message, promise))) {
            // To its writer it is written: a network does not tell what it loses.
            ReferenceCountUtil.release(message);
            promise.trySuccess();
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        // Done with each write that has passed.
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        clear();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        clear();
    }

    private void clear() {
        if (inwards != null) {
            inwards.clear(ReferenceCountUtil::release);
        }
        if (outwards != null) {
            outwards.clear(written -> {
                ReferenceCountUtil.release(written.message());
                written.promise().trySuccess();
            });
        }
    }
}
