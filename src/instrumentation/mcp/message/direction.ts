/** The span kind follows direction, not role: the receiver of a message serves it, even when a client is asked to sample. */
export type Direction = 'received' | 'sent';
