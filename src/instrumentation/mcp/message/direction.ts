/** Kind follows direction, not role: who receives a message serves it, also when a client is asked to sample. */
export type Direction = 'received' | 'sent';
