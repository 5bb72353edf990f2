import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TlsMaterial } from '../../../values/tlsMaterial.js';
import { oneLookup } from './oneLookup.js';

/**
 * Opens a connection to `target` through a proxy, by CONNECT: TLS and HTTP/2 cannot be sent through a proxy in any other way.
 * Rejects with the proxy's answer; does not keep the process alive.
 */
export function openTunnel(proxy: URL, target: URL, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const authority = `${target.hostname}:${target.port || (target.protocol === 'https:' ? '443' : '80')}`;
    const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    const headers = {
      Host: authority,
      ...(credentials === ':' ? {} : { 'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
    };
    const send = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
    // `agent: false` alone would give it an agent that looks for a proxy to the proxy.
    const request = send({
      protocol: proxy.protocol,
      hostname: proxy.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: proxy.port || undefined,
      method: 'CONNECT',
      path: authority,
      headers,
      agent: false,
      lookup: oneLookup,
    });
    const timer = setTimeout(() => request.destroy(new Error('the proxy did not answer in time')), timeoutMs);
    timer.unref();
    request.on('socket', (socket) => socket.unref());
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.on('connect', ({ statusCode = 0 }, socket: Socket, head: Buffer) => {
      clearTimeout(timer);
      if (statusCode === 200) {
        // An HTTP/2 receiver sends first, and may already have done so.
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(new Error(`the proxy answered ${statusCode}`));
    });
    request.end();
  });
}

/** Opens TLS to `target` inside the tunnel. */
export function secured(socket: Socket, target: URL, tls: TlsMaterial | undefined, protocol: 'h2' | 'http/1.1'): Socket {
  const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
  return connectTls({ ...tls, socket, host, ALPNProtocols: [protocol], ...(isIP(host) === 0 ? { servername: host } : {}) });
}
