import { createLog, createMetrics } from '@varai/runtime'
import { expect, test, vi } from 'vitest'
import { keepDestroying } from './keep-destroying.ts'

test('it destroys at once and again and again, whatever fails, until it is told to stop', async () => {
  const lines: string[] = []
  const log = createLog({ service: 'test', level: 'debug', destination: { write: (line) => void lines.push(line) } })
  const metrics = createMetrics('test')
  const destroyExpired = vi.fn(async () => 3).mockRejectedValueOnce(new Error('MongoDB is away'))
  const stop = new AbortController()
  const { done } = keepDestroying({ vault: { destroyExpired }, log, metrics, stopping: stop.signal, everyMs: 1 })
  await vi.waitFor(() => expect(lines.some((line) => line.includes('vault.expired-destroyed'))).toBe(true), 20_000)
  expect(lines[0]).toContain('MongoDB is away')
  expect((await metrics.render()).text).toMatch(/varai_test_vault_last_destroyed_timestamp_seconds\{[^}]*\} [1-9]/)
  stop.abort()
  await done
  const calls = destroyExpired.mock.calls.length
  expect(calls).toBeGreaterThan(1)
})
