import { testEndings } from './cells.js';
import { orderly } from './endings.js';

testEndings(orderly);
