package io.dynamokv.bench.process;

/** A node as the demo's file shows it. */
public record NodeProcess(String name, String http, long pid) {}
