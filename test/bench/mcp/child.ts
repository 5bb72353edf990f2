import { serveSubject } from './serveSubject.js';
import { findVariant } from './variants.js';

// One process, one variant.

await serveSubject(await findVariant(process.argv[2] ?? '').open());
