import { deadLetterTopic } from '@varai/schemas'
import { stringify } from 'lossless-json'
import { expect } from 'vitest'
import { ask } from '../deliver.ts'
import { newEntity } from '../entities.ts'
import { canariesIn } from '../outcomes.ts'
import type { ServiceClaim } from './claim.ts'

export const health: ServiceClaim = {
  name: 'it says that it lives, whether it is ready, and its figures',
  async check(stage) {
    expect((await ask(stage, '/healthz', {})).status).toBe(200)
    expect((await ask(stage, '/readyz', {})).status).toBe(200)
    const { status, headers, text } = await ask(stage, '/metrics', {})
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('text/plain')
    expect(text).toContain(`varai_${stage.facts.service.replaceAll('-', '_')}_`)
    expect((await ask(stage, '/conformance/elsewhere', { method: 'POST', body: '{}' })).status).toBe(404)
  },
}

/** Looks at all that was said and written so far, so it comes last. */
export const discreet: ServiceClaim = {
  name: 'nobody of the documents stands in a log, an answer, a figure, a Kafka key or header, or in the clear in a dead letter',
  async check(stage) {
    const metrics = await ask(stage, '/metrics', {})
    await stage.watch.caughtUp()
    const said = stage.processes.flatMap((child) => [...child.lines, child.errors()])
    expect(said.length, 'nothing was logged that could be looked at').toBeGreaterThan(0)
    const records = stage.watch.all
    const written = records.flatMap(({ topic, key, headers, bytes }) => [
      key ?? '',
      JSON.stringify(headers),
      topic === deadLetterTopic ? (bytes?.toString('latin1') ?? '') : '',
    ])
    const told = [...said, ...written, ...stage.answers, metrics.text].filter((text) => canariesIn(text).length > 0)
    expect(told, told[0]?.slice(0, 500)).toEqual([])
    const documents = stage.facts.doors.flatMap(({ topics }) => topics.map(({ document }) => document(newEntity())))
    expect(canariesIn(stringify(documents) ?? ''), 'the documents tell of nobody').not.toEqual([])
  },
}
