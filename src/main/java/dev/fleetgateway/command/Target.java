package dev.fleetgateway.command;

/** What on the machine is called. */
public sealed interface Target {

    /**
     * A resource by its API and name.
     *
     * @param api {@code namespace:type:subtype}, such as {@code rdk:component:motor}
     * @param name as the machine lists it
     */
    record Resource(String api, String name) implements Target {

        /**
         * Reads {@code namespace:type:subtype/name}; the name may itself hold colons and slashes.
         *
         * @throws IllegalArgumentException with a sentence for people
         */
        public static Resource parse(String text) {
            int slash = text.indexOf('/');
            if (slash <= 0
                    || slash == text.length() - 1
                    || text.substring(0, slash).split(":", -1).length != 3) {
                throw new IllegalArgumentException("'" + text
                        + "' is not a resource: write namespace:type:subtype/name, such as rdk:component:motor/m1");
            }
            return new Resource(text.substring(0, slash), text.substring(slash + 1));
        }

        @Override
        public String toString() {
            return api + "/" + name;
        }
    }

    /**
     * A resource by the short form of its API, the namespace being left out.
     *
     * @param type {@code component} or {@code service}
     * @param subtype such as {@code motor}
     * @param name as the machine lists it
     */
    record ShortForm(String type, String subtype, String name) implements Target {

        @Override
        public String toString() {
            return type + ":" + subtype + "/" + name;
        }
    }

    /**
     * A gRPC service by its full name, the request being passed on whole.
     */
    record Service(String service) implements Target {

        @Override
        public String toString() {
            return service;
        }
    }
}
