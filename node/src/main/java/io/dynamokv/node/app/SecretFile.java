package io.dynamokv.node.app;

import io.dynamokv.core.cluster.ClusterSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The cluster secret in its file, which is read again while the node runs: keys can be exchanged without a restart (rule D7), and a secret that
 * Kubernetes had to make anew reaches all nodes. Links that stand stay.
 */
final class SecretFile implements Supplier<ClusterSecret> {
    private static final Logger LOG = Logger.getLogger(SecretFile.class);

    private final Path file;
    /** What was looked at last, used or not, so that a complaint is made once. */
    private String seen;

    private volatile ClusterSecret secret;

    private SecretFile(Path file, String text, ClusterSecret secret) {
        this.file = file;
        this.seen = text;
        this.secret = secret;
    }

    /** @throws UnusableException if there is no secret to begin with */
    static SecretFile open(Path file) {
        try {
            String text = Files.readString(file);
            return new SecretFile(file, text, ClusterSecret.parse(text));
        } catch (IOException e) {
            throw new UnusableException("the secret file " + file + " cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new UnusableException("the secret file " + file + " is not usable: " + e.getMessage(), e);
        }
    }

    /** From any thread. */
    @Override
    public ClusterSecret get() {
        return secret;
    }

    /** A file that is gone or broken changes nothing. From one thread. */
    void readAgain() {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            complain("", "cannot be read: " + e);
            return;
        }
        if (text.equals(seen)) {
            return;
        }
        try {
            secret = ClusterSecret.parse(text);
            seen = text;
            LOG.infof("The secret file %s has changed; its first key '%s' signs now", file, secret.signingKeyId());
        } catch (IllegalArgumentException e) {
            complain(text, "is not usable: " + e.getMessage());
        }
    }

    private void complain(String text, String why) {
        if (!text.equals(seen)) {
            seen = text;
            LOG.errorf("The secret file %s has changed and %s; the node goes on with what it has", file, why);
        }
    }
}
