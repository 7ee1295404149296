import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('..', import.meta.url));
const HOST = '127.0.0.1';
const WORKERS = 2;
const WAIT_MILLIS_MAX = 10_000;

/** Whether a real nginx of this machine can be started. DYNAMOKV_NGINX names another than that of the PATH. */
export function nginxVersion() {
  try {
    return execFileSync('sh', ['-c', '"${DYNAMOKV_NGINX:-nginx}" -v 2>&1'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` },
    }).trim();
  } catch {
    return null;
  }
}

/**
 * The image's configuration and its script, as they are, round a real nginx of this machine: what the image's entry point does, in a directory
 * that goes away. In place of DNS there is a `getent` that reads a file.
 */
export class FrontEnd {
  /** @type {import('node:child_process').ChildProcess | null} */
  #process = null;
  #directory = mkdtempSync(join(tmpdir(), 'dynamokv-nginx-'));

  /**
   * @param {{ port: number, nodesPort: number, pages: Record<string, string>, answerTimeout?: string, earlierPid?: number, lateSeconds?: number }}
   *   options earlierPid: what a container before this one left behind; lateSeconds: what nginx takes to start
   */
  constructor(options) {
    this.options = options;
    for (const part of ['bin', 'conf.d', 'html', 'tmp']) mkdirSync(join(this.#directory, part));
    writeFileSync(
      join(this.#directory, 'bin/getent'),
      `#!/bin/sh\n[ -s '${this.#in('dns')}' ] || exit 2\nwhile read -r address; do echo "$address STREAM $2"; echo "$address DGRAM"; done <'${this.#in('dns')}'\n`,
    );
    chmodSync(this.#in('bin/getent'), 0o755);
    writeFileSync(this.#in('dns'), '');
    for (const [name, text] of Object.entries(options.pages)) {
      mkdirSync(dirname(join(this.#in('html'), name)), { recursive: true });
      writeFileSync(join(this.#in('html'), name), text);
    }
    writeFileSync(this.#in('nginx.conf'), this.#mainConfiguration());
    writeFileSync(this.#in('conf.d/default.conf'), this.#siteConfiguration());
    if (options.earlierPid !== undefined) writeFileSync(this.#in('tmp/nginx.pid'), `${options.earlierPid}\n`);
  }

  get url() {
    return `http://${HOST}:${this.options.port}`;
  }

  /** @param {string[]} addresses what DNS says from now on */
  resolveTo(addresses) {
    writeFileSync(this.#in('dns'), addresses.map((address) => `${address}\n`).join(''));
  }

  /** @param {string[]} addresses @returns {Promise<void>} once nginx itself works with these addresses */
  async follow(addresses) {
    const workersGone = this.#workersGone();
    this.resolveTo(addresses);
    await until(() => addresses.every((address) => this.upstream().includes(`server ${address}:`)));
    await until(() => this.#workersGone() >= workersGone + WORKERS);
  }

  async start() {
    const environment = {
      ...process.env,
      PATH: `${this.#in('bin')}:${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`,
      DYNAMOKV_NODES: 'nodes.example',
      DYNAMOKV_NODES_PORT: String(this.options.nodesPort),
      DYNAMOKV_RESOLVE_SECONDS: '0.1',
      DYNAMOKV_UPSTREAM_FILE: this.#in('conf.d/nodes.conf'),
      DYNAMOKV_NGINX_PID_FILE: this.#in('tmp/nginx.pid'),
    };
    const [out, err] = [openSync(this.#in('access.log'), 'w'), openSync(this.#in('error.log'), 'w')];
    this.#process = spawn(
      'sh',
      [
        '-ec',
        `'${SOURCES}30-follow-the-nodes.sh'; sleep ${this.options.lateSeconds ?? 0}; exec "\${DYNAMOKV_NGINX:-nginx}" -e stderr -p '${this.#directory}' -c nginx.conf -g 'daemon off;'`,
      ],
      // A process group of its own: what follows the nodes is to end with it.
      { env: environment, stdio: ['ignore', out, err], detached: true },
    );
    closeSync(out);
    closeSync(err);
    await this.#answers();
  }

  async stop() {
    const nginx = this.#process;
    if (nginx !== null && nginx.exitCode === null) {
      const ended = new Promise((resolve) => nginx.once('exit', resolve));
      nginx.kill('SIGQUIT');
      await ended;
    }
    this.#endItsGroup();
    rmSync(this.#directory, { recursive: true });
  }

  /** In a container the loop that follows the nodes ends with nginx; here it would look for its pid file for ever. */
  #endItsGroup() {
    const leader = this.#process?.pid;
    if (leader === undefined) {
      return;
    }
    try {
      process.kill(-leader, 'SIGKILL');
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') {
        throw error;
      }
    }
  }

  /** @returns {boolean} */
  get isRunning() {
    return this.#process?.exitCode === null;
  }

  errors() {
    return readFileSync(this.#in('error.log'), 'utf8');
  }

  upstream() {
    return readFileSync(this.#in('conf.d/nodes.conf'), 'utf8');
  }

  /** @returns {Record<string, unknown>[]} every line must be JSON */
  accessLog() {
    return readFileSync(this.#in('access.log'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => /** @type {Record<string, unknown>} */ (JSON.parse(line)));
  }

  /** @param {string} requestId @returns {Promise<Record<string, unknown>>} the line of that request, once it is there */
  async logOf(requestId) {
    /** @type {Record<string, unknown> | undefined} */
    let line;
    await until(() => {
      line = this.accessLog().find((each) => each['requestId'] === requestId);
      return line !== undefined;
    });
    if (line === undefined) throw new Error('until() has seen it');
    return line;
  }

  /**
   * Unlike fetch it sends the path as it is, dot segments and all.
   * @param {string} method @param {string} path
   * @param {{ headers?: Record<string, string>, body?: string | Buffer }} [more]
   * @returns {Promise<{ status: number, headers: import('node:http').IncomingHttpHeaders, body: string }>}
   */
  ask(method, path, more = {}) {
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        {
          host: HOST,
          port: this.options.port,
          method,
          path,
          headers: more.headers ?? {},
          agent: false,
          maxHeaderSize: 65_536,
        },
        (response) => {
          /** @type {Buffer[]} */
          const chunks = [];
          response.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      request.on('error', reject);
      request.end(more.body);
    });
  }

  async #answers() {
    await until(async () => {
      if (!this.isRunning) throw new Error(`nginx ended: ${this.errors()}`);
      return this.ask('GET', '/healthz').then(
        (answer) => answer.status === 200,
        () => false,
      );
    });
  }

  /** @param {string} name */
  #in(name) {
    return join(this.#directory, name);
  }

  /** Workers with old addresses end once they have answered what they had. */
  #workersGone() {
    return this.errors().split('exited with code 0').length - 1;
  }

  /** The part of the image's nginx.conf that matters here. */
  #mainConfiguration() {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((kind) => `  ${kind}_temp_path ${this.#in('tmp')}/${kind};`)
      .join('\n');
    // Started by root, nginx would give its workers away to a user who cannot read this directory.
    const user = userInfo().uid === 0 ? 'user root root;' : '';
    return `${user}
worker_processes ${WORKERS};
pid ${this.#in('tmp/nginx.pid')};
error_log stderr notice;
events { worker_connections 256; }
http {
${temporary}
  types { text/html html; text/css css; application/javascript js; image/svg+xml svg; }
  default_type application/octet-stream;
  sendfile on;
  include ${this.#in('conf.d')}/*.conf;
}
`;
  }

  #siteConfiguration() {
    /** @type {Record<string, string>} */
    const variables = {
      DYNAMOKV_LISTEN: `${HOST}:${this.options.port}`,
      DYNAMOKV_BODY_MAX: '2m',
      DYNAMOKV_ANSWER_TIMEOUT: this.options.answerTimeout ?? '900ms',
    };
    const template = readFileSync(join(SOURCES, 'default.conf.template'), 'utf8');
    const text = template.replace(/\$\{(\w+)\}/g, (_, /** @type {string} */ name) => {
      const value = variables[name];
      if (value === undefined) throw new Error(`the template wants ${name}, which the image does not set`);
      return value;
    });
    return only(only(text, '/usr/share/nginx/html', this.#in('html')), '/dev/stdout', this.#in('access.log'));
  }
}

/** @param {string} text @param {string} from @param {string} to */
function only(text, from, to) {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`expected ${from} once, found it ${parts.length - 1} times`);
  return parts.join(to);
}

/** @param {() => boolean | Promise<boolean>} condition @returns {Promise<void>} */
export async function until(condition) {
  const deadline = Date.now() + WAIT_MILLIS_MAX;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
