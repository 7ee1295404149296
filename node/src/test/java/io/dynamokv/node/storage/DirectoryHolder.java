package io.dynamokv.node.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;

/** Opens a directory, prints what came of it, and keeps it open until its standard input ends. */
final class DirectoryHolder {
    private DirectoryHolder() {}

    public static void main(String[] arguments) throws IOException {
        try (var directory = DataDirectory.open(Path.of(arguments[0]), Optional.empty(), new SplittableRandom(2))) {
            System.out.println("open " + directory.boot().number());
            System.out.println("input ended " + System.in.read());
        } catch (DirectoryRefusedException e) {
            System.out.println(e.getMessage());
        }
    }
}
