import http from 'node:http';
import net, { type AddressInfo } from 'node:net';

/** Two very small proxies on loopback. */
export interface TestProxy {
  address: string;
  /** Connections made through it. */
  used(): number;
  close(): Promise<void>;
}

async function listening(server: net.Server, used: () => number): Promise<TestProxy> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    used,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function join(client: net.Socket, port: number, hello: Buffer | string): void {
  const upstream = net.connect(port, '127.0.0.1', () => {
    client.write(hello);
    client.pipe(upstream).pipe(client);
  });
  upstream.on('error', () => client.destroy());
}

export function connectProxy(): Promise<TestProxy> {
  let used = 0;
  const server = http.createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request, socket: net.Socket) => {
    used += 1;
    join(socket, Number(request.url?.split(':')[1]), 'HTTP/1.1 200 OK\r\n\r\n');
  });
  return listening(server, () => used);
}

/** SOCKS5 without a password, IPv4 addresses only. */
export function socksProxy(): Promise<TestProxy> {
  let used = 0;
  const server = net.createServer((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (request) => {
        used += 1;
        join(socket, request.readUInt16BE(8), Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
      });
    });
  });
  return listening(server, () => used);
}
