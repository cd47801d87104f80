export { openAuthority } from './authority.ts';
export type { Authority, Leaf } from './authority.ts';
export { ProxyError } from './errors.ts';
export type { ProxyErrorCode } from './errors.ts';
export type { CallErrorCode } from './failure.ts';
export type { HandshakeFailure } from './handshake-failure.ts';
export type { ProxyOptions } from './options.ts';
export { startProxy } from './proxy.ts';
export type { Proxy } from './proxy.ts';
