import { testEndings } from './cells.js';
import { sudden, lossy } from './endings.js';

testEndings([...sudden, ...lossy]);
