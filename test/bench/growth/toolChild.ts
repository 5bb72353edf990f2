import { serveSubject } from '../mcp/serveSubject.js';
import { caseOf, openToolSubject } from './toolSubject.js';

// One process, one server with many tools or few.

await serveSubject(await openToolSubject(caseOf(process.argv[2] ?? '')));
