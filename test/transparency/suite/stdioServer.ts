import { StdioServerTransport as StdioV1 } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StdioServerTransport as StdioV2, serveStdio } from '@modelcontextprotocol/server/stdio';
import { createServerV1 } from './serverV1.js';
import { createServerV2 } from './serverV2.js';

// The suite knows no stdio: the same server as a process of its own, `stdioServer.ts v1|v2|served`, for stdio.ts to talk to.

switch (process.argv[2]) {
  case 'v1':
    await createServerV1().connect(new StdioV1());
    break;
  case 'v2':
    await createServerV2().connect(new StdioV2());
    break;
  default:
    serveStdio(createServerV2);
}
