import type { List } from '../runner.ts'
import { anyOrder } from './any-order.ts'
import { canary } from './canary/canary.ts'
import { consentLevels } from './consent-levels.ts'
import { flood } from './flood.ts'
import { type EdgeContext, openEdge } from './open-edge.ts'
import { snippet } from './snippet.ts'

/** Custom stores and the assistant: what pages, servers and plugins say of shoppers, and what must never leave the edge. */
export const edge: List<EdgeContext> = {
  name: 'edge',
  open: openEdge,
  checks: [anyOrder, canary, consentLevels, snippet, flood],
}
