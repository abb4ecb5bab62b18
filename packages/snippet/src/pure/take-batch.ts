/** Below the collector's 50 events and 64 KiB, also where every letter takes three bytes. */
const mostEvents = 50
const mostLetters = 20_000

/** The oldest that go into one request, of events as text by name. One that is too large by itself goes alone. */
export function takeBatch<E extends { readonly text: string }>(queued: readonly E[]): E[] {
  const taken: E[] = []
  let letters = 0
  for (const event of queued) {
    letters += event.text.length
    if (taken.length > 0 && (taken.length >= mostEvents || letters > mostLetters)) break
    taken.push(event)
  }
  return taken
}

/** `now` is the page's clock at this very request: the collector reads all its times by it. */
export const bodyOf = (batch: readonly { readonly text: string }[], now: number): string =>
  `{"sentAt":"${new Date(now).toISOString()}","events":[${batch.map(({ text }) => text)}]}`
