interface Stored {
  readonly streamId: string;
  readonly message: unknown;
}

interface EventStore<Message> {
  storeEvent(streamId: string, message: Message): Promise<string>;
  replayEventsAfter(lastEventId: string, sink: { send: (eventId: string, message: Message) => Promise<void> }): Promise<string>;
}

/** Keeps a session's events, so that a client may take up a stream that was closed. Ids count from 1: two runs give the same. */
export function eventStore<Message>(): EventStore<Message> {
  const events: Stored[] = [];
  return {
    storeEvent: (streamId, message) => Promise.resolve(String(events.push({ streamId, message }))),
    replayEventsAfter: async (lastEventId, { send }) => {
      const last = Number(lastEventId);
      const streamId = events[last - 1]?.streamId ?? '';
      for (const [index, event] of events.entries()) {
        const isPriming = Object.keys(event.message as object).length === 0;
        if (index >= last && event.streamId === streamId && !isPriming) await send(String(index + 1), event.message as Message);
      }
      return streamId;
    },
  };
}
