export { keepPolling, type Polling, type PollOptions } from './keep-polling.ts'
export type { Cursor, PollEntry, PollFrom, PollKind, PollPage, Position } from './poll-kind.ts'
