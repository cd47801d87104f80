import { Agent, request } from 'node:http';
import type { AgentOptions, ClientRequest, RequestOptions } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { AddressGuard } from './address-guard.ts';
import { MAX_HEAD_BYTES } from './limits.ts';
import { isLocalhost, lookupLocalhost } from './localhost-lookup.ts';
import { trustContext } from './trusted-roots.ts';
import type { Upstream } from './upstream.ts';

/** What is asked of an upstream. */
interface Asked {
  readonly upstream: Upstream;
  readonly method: string;
  readonly target: string;
  readonly fields: readonly string[];
}

/** `autoSelectFamily`: a server on localhost may listen on ::1 or on 127.0.0.1 only. */
const AGENT_OPTIONS: AgentOptions = { keepAlive: true, autoSelectFamily: true };

/** The default parses the headers of every response for a hint that the relay has read already. */
function keepingAll(agent: Agent): Agent {
  agent.keepSocketAlive = (): boolean => true;
  return agent;
}

/** Opens requests to upstreams, over connections that are kept and reused. */
export class UpstreamClient {
  readonly #extraRoots: readonly string[];
  readonly #guard: AddressGuard;
  readonly #plainAgent: Agent = keepingAll(new Agent(AGENT_OPTIONS));
  #secureAgent: Agent | null = null;

  /** @param extraRoots - PEM roots to trust besides the system's. */
  constructor(extraRoots: readonly string[], guard: AddressGuard) {
    this.#extraRoots = extraRoots;
    this.#guard = guard;
  }

  /** Reads the trusted roots, which takes a tenth of a second, unless a call has done so already. */
  warm(): Agent {
    this.#secureAgent ??= keepingAll(
      new SecureAgent({ ...AGENT_OPTIONS, secureContext: trustContext(this.#extraRoots) }),
    );
    return this.#secureAgent;
  }

  /**
   * Starts a request; nothing of it is sent before the first write.
   *
   * @throws RefusedCall when the upstream is an address that clients may not reach.
   */
  open({ upstream, method, target, fields }: Asked): ClientRequest {
    const options: RequestOptions = {
      agent: upstream.secure ? this.warm() : this.#plainAgent,
      protocol: upstream.secure ? 'https:' : 'http:',
      host: upstream.hostname,
      port: upstream.port,
      method,
      path: target,
      headers: fields,
      setHost: false,
      setDefaultHeaders: false,
      maxHeaderSize: MAX_HEAD_BYTES,
    };
    if (upstream.guarded) {
      this.#guard.checkLiteral(upstream);
      options.lookup = this.#guard.lookupFor(upstream);
    } else if (isLocalhost(upstream.hostname)) options.lookup = lookupLocalhost;
    const opened = request(options);
    // 0 is "no limit"; the default drops in silence what exceeds it.
    opened.maxHeadersCount = 0;
    return opened;
  }

  /** Closes the connections to one upstream that wait for use. */
  discardIdle({ secure, hostname, port }: Upstream): void {
    const idle = (secure ? this.#secureAgent : this.#plainAgent)?.freeSockets ?? {};
    for (const [name, sockets] of Object.entries(idle)) {
      if (!name.startsWith(`${hostname}:${port}:`)) continue;
      for (const socket of sockets ?? []) socket.destroy();
    }
  }

  /** Closes every connection. */
  close(): void {
    this.#plainAgent.destroy();
    this.#secureAgent?.destroy();
  }
}
