import { isLostRace } from '../lostRace.js';

const MAX_TRIES = 5;

/** Runs a statement again that the database refused because of others, which changed nothing. */
export async function untilNotLost<T>(statement: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await statement();
    } catch (error) {
      if (!isLostRace(error) || tries === MAX_TRIES) throw error;
    }
  }
}
