/** Codes in place of a protocol version, in the message that opens a connection. */
export const requestCode = { ssl: 80877103, gssEncryption: 80877104, cancel: 80877102 } as const;

/** Protocol 3, any minor version. */
export function isProtocolThree(code: number): boolean {
  return code >> 16 === 3;
}

/** A simple query. */
export function queryMessage(sql: string): Buffer {
  return typed('Q', Buffer.from(`${sql}\0`));
}

/** Sync: ends an exchange of the extended protocol, and with it the skipping of messages after an error. */
export const syncMessage: Buffer = typed('S', Buffer.alloc(0));

/** The startup message of a session. */
export function startupMessage(parameters: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(parameters).flatMap(([name, value]) => [name, value]);
  const body = Buffer.concat([Buffer.from([0, 3, 0, 0]), Buffer.from(`${pairs.join('\0')}\0\0`)]);
  return Buffer.concat([int32(body.length + 4), body]);
}

/** Builds an error that ends the session, in PostgreSQL's format. */
export function fatalMessage(sqlState: string, message: string): Buffer {
  return typed('E', Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0M${message}\0\0`));
}

/** Builds an error for one statement, with the ReadyForQuery that follows it. */
export function errorMessage(sqlState: string, message: string, inTransaction: boolean): Buffer {
  return Buffer.concat([
    typed('E', Buffer.from(`SERROR\0VERROR\0C${sqlState}\0M${message}\0\0`)),
    typed('Z', Buffer.from(inTransaction ? 'E' : 'I')),
  ]);
}

/** Returns the first column of the first row of a simple query's reply, as text. */
export function firstColumn(reply: Buffer): string | undefined {
  for (let at = 0; at + 5 <= reply.length; at += 1 + reply.readInt32BE(at + 1)) {
    if (reply[at] !== 0x44 || reply.readInt16BE(at + 5) < 1) continue;
    const length = reply.readInt32BE(at + 7);
    return length < 0 ? undefined : reply.toString('utf8', at + 11, at + 11 + length);
  }
  return undefined;
}

function typed(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
