import type { Component } from './addresses.ts'

export type ProgressEvent = {
  /** A component, or `stack` for what concerns them all. */
  about: Component | 'stack'
  kind: 'chosen' | 'installing' | 'starting' | 'ready' | 'stopping' | 'note'
  text: string
}

export type Report = (kind: ProgressEvent['kind'], text: string) => void

/** One line for people: `kafka: ready on 127.0.0.1:21234 in 4.1 s`. */
export const formatProgress = (event: ProgressEvent): string => `${event.about}: ${event.text}`

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
