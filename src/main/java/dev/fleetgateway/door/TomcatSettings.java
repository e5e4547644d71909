package dev.fleetgateway.door;

import dev.fleetgateway.time.Time;
import java.util.Arrays;
import org.apache.catalina.Context;
import org.apache.catalina.Pipeline;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ContinueResponseTiming;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/** What Tomcat has to do otherwise than by default, and no property says. */
@Component
final class TomcatSettings implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, Ordered {

    private final Time time;

    TomcatSettings(Time time) {
        this.time = time;
    }

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
        if (factory instanceof TomcatWebServerFactory tomcat) {
            tomcat.setProtocol(DoorProtocol.class.getName());
        }
        factory.addEngineValves(new StopsOnlyValve());
        factory.addConnectorCustomizers(this::connector);
        factory.addContextCustomizers(TomcatSettings::context);
    }

    private void connector(Connector connector) {
        if (connector.getProtocolHandler() instanceof DoorProtocol protocol) {
            protocol.setTime(time);
        }
        // A resource's name may hold these; they arrive encoded and must not part the path.
        connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
        connector.setEncodedReverseSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
        // A caller who asks before he sends 40 MiB is told no before he has sent them.
        connector.setProperty("continueResponseTiming", ContinueResponseTiming.ON_REQUEST_BODY_READ.toString());
        connector.setAllowTrace(false);
    }

    private static void context(Context context) {
        StandardHost host = (StandardHost) context.getParent();
        Pipeline pipeline = host.getPipeline();
        Arrays.stream(pipeline.getValves())
                .filter(ErrorReportValve.class::isInstance)
                .forEach(pipeline::removeValve);
        pipeline.addValve(new ProblemReportValve());
        // By this name the host sees that it needs no HTML writer of its own.
        host.setErrorReportValveClass(ProblemReportValve.class.getName());
    }

    /** After Spring Boot's own customizers, which add an error page in HTML. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
