package io.dynamokv.node.storage;

import org.rocksdb.AbstractEventListener;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.Status;

/**
 * Lets the database fail where it would wait. Trace: the disk is full, a flush fails, RocksDB begins to look for space again and again,
 * the write buffers fill up, and the next write waits inside RocksDB for as long as the disk stays full, with its shard's thread.
 * Without the recovery that write fails, the store refuses all further ones, and reads go on.
 *
 * <p>RocksDB has reasons that its Java part does not know; for them that part prints an IllegalArgumentException and answers
 * {@code false} without asking here, which is the same answer.
 */
final class NoRecovery extends AbstractEventListener {
    NoRecovery() {
        super(EnabledEventCallback.ON_ERROR_RECOVERY_BEGIN);
    }

    @Override
    public boolean onErrorRecoveryBegin(BackgroundErrorReason reason, Status error) {
        return false;
    }
}
