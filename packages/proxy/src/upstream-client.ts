import { Agent, request } from 'node:http';
import type { AgentOptions, ClientRequest, RequestOptions } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { MAX_HEAD_BYTES } from './limits.ts';
import { isLocalhost, lookupLocalhost } from './localhost-lookup.ts';
import { trustContext } from './trusted-roots.ts';
import type { Upstream } from './upstream.ts';

/** `autoSelectFamily`: a server on localhost may listen on ::1 or on 127.0.0.1 only. */
const AGENT_OPTIONS: AgentOptions = { keepAlive: true, autoSelectFamily: true };

function agentFor(upstream: Upstream, extraRoots: readonly string[]): Agent {
  const local = isLocalhost(upstream.hostname) ? { lookup: lookupLocalhost } : {};
  const options = { ...AGENT_OPTIONS, ...local };
  const agent = upstream.secure
    ? new SecureAgent({ ...options, secureContext: trustContext(extraRoots) })
    : new Agent(options);
  // The default parses the headers of every response for a hint that the relay has read already.
  agent.keepSocketAlive = (): boolean => true;
  return agent;
}

/** Opens requests to one upstream, over connections that are kept and reused. */
export class UpstreamClient {
  readonly #upstream: Upstream;
  readonly #extraRoots: readonly string[];
  #agent: Agent | null = null;

  /** @param extraRoots - PEM roots to trust besides the system's. */
  constructor(upstream: Upstream, extraRoots: readonly string[]) {
    this.#upstream = upstream;
    this.#extraRoots = extraRoots;
  }

  /** Reads the trusted roots, which takes a tenth of a second, unless a call has done so already. */
  warm(): Agent {
    this.#agent ??= agentFor(this.#upstream, this.#extraRoots);
    return this.#agent;
  }

  /** Starts a request; nothing of it is sent before the first write. */
  open(method: string, target: string, fields: readonly string[]): ClientRequest {
    const agent = this.warm();
    const options: RequestOptions = {
      agent,
      protocol: this.#upstream.secure ? 'https:' : 'http:',
      host: this.#upstream.hostname,
      port: this.#upstream.port,
      method,
      path: target,
      headers: fields,
      setHost: false,
      setDefaultHeaders: false,
      maxHeaderSize: MAX_HEAD_BYTES,
    };
    const opened = request(options);
    // 0 is "no limit"; the default drops in silence what exceeds it.
    opened.maxHeadersCount = 0;
    return opened;
  }

  /** Closes the connections that wait for use. */
  discardIdle(): void {
    for (const sockets of Object.values(this.#agent?.freeSockets ?? {})) {
      for (const socket of sockets ?? []) socket.destroy();
    }
  }

  /** Closes every connection. */
  close(): void {
    this.#agent?.destroy();
  }
}
