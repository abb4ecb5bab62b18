import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { expect } from 'vitest'
import { ask, makeDelivery, makeTold, type SendOptions, send, toldTopic } from '../deliver.ts'
import { secrets } from '../entities.ts'
import type { DoorFacts } from '../facts.ts'
import { expectNothingKept } from '../outcomes.ts'
import type { Stage } from '../stage.ts'
import type { DoorClaim } from './claim.ts'

/** Sends a delivery that is refused with `status`; nothing of it may stay. */
async function expectRefused(stage: Stage, door: DoorFacts, status: number, options: SendOptions): Promise<void> {
  const made = makeDelivery(door, toldTopic(door), options.signer)
  const answered = await send(stage, door, [made.delivery], options)
  expect(answered.status, JSON.stringify(options)).toBe(status)
  const { body } = door.sign({ deliveries: [made.delivery], signer: 'current', storeId: stage.facts.stores.own })
  await expectNothingKept(stage, door, made, body)
}

export const unsigned: DoorClaim = {
  name: 'a signature that is missing, or made of other bytes: 401, and nothing is kept',
  async check(stage, door) {
    const made = makeTold(door)
    const storeId = stage.facts.stores.own
    const { path, headers, body } = door.sign({ deliveries: [made.delivery], signer: 'current', storeId })
    const names = door.signatures.map((name) => name.toLowerCase())
    const bare = Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase())))
    const other = makeTold(door)
    const another = door.sign({ deliveries: [other.delivery], signer: 'current', storeId })
    for (const [of, sent] of [
      [bare, body],
      [headers, another.body],
    ] as const) {
      const answered = await ask(stage, path, { method: 'POST', headers: of, body: new Uint8Array(sent) })
      expect(answered.status).toBe(401)
    }
    await expectNothingKept(stage, door, made, body)
    await expectNothingKept(stage, door, other, another.body)
  },
}

export const forged: DoorClaim = {
  name: "a stranger's signature, or another store's: 401, and nothing is kept",
  async check(stage, door) {
    await expectRefused(stage, door, 401, { signer: 'stranger' })
    await expectRefused(stage, door, 401, { signer: 'other store' })
    await expectRefused(stage, door, 401, { storeId: stage.facts.stores.other })
  },
}

export const headerless: DoorClaim = {
  name: 'a header missing without which it says nothing: 400, and nothing is kept',
  concerns: ({ required }) => required.length > 0,
  async check(stage, door) {
    for (const without of door.required) await expectRefused(stage, door, 400, { without })
  },
}

export const unknownStore: DoorClaim = {
  name: 'a store that is none of ours: 404, and nothing is kept',
  check: (stage, door) => expectRefused(stage, door, 404, { storeId: stage.facts.stores.unknown }),
}

export const otherMethod: DoorClaim = {
  name: 'another method: 405, with the one that is meant',
  async check(stage, door) {
    const { path, headers } = door.sign({
      deliveries: [makeTold(door).delivery],
      signer: 'current',
      storeId: stage.facts.stores.own,
    })
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const { status, headers: answered } = await ask(stage, path, { method, headers })
      expect([method, status]).toEqual([method, 405])
      expect(answered.get('allow')).toContain('POST')
    }
  },
}

export const tooLarge: DoorClaim = {
  name: 'larger than it may be: 413 before the end, whether it says so or comes in pieces',
  async check(stage, door) {
    const maxBytes = door.maxBytes ?? 10 * 1024 * 1024
    const { delivery } = makeTold(door)
    const { path, headers } = door.sign({ deliveries: [delivery], signer: 'current', storeId: stage.facts.stores.own })
    const url = stage.service.origin + path
    const claimed = request(url, { method: 'POST', headers: { ...headers, 'content-length': String(maxBytes + 1) } })
    claimed.flushHeaders()
    expect(await statusOf(claimed)).toBe(413)
    const inPieces = request(url, { method: 'POST', headers: { ...headers, 'transfer-encoding': 'chunked' } })
    inPieces.write(Buffer.alloc(maxBytes + 1, 0x20))
    expect(await statusOf(inPieces)).toBe(413)
  },
}

/** The status of an answer that comes before the request ends. */
async function statusOf(sent: ClientRequest): Promise<number | undefined> {
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve)
      sent.once('error', reject)
      sent.setTimeout(20_000, () => sent.destroy(new Error('no answer before the end of the body')))
    })
    response.resume()
    return response.statusCode
  } finally {
    sent.on('error', () => undefined)
    sent.destroy()
  }
}

export const twoSecrets: DoorClaim = {
  name: 'a key is changed: both count meanwhile',
  async check(stage, door) {
    for (const signer of ['current', 'previous'] as const) {
      const { delivery } = makeDelivery(door, toldTopic(door), signer)
      expect([signer, (await send(stage, door, [delivery], { signer })).status]).toEqual([signer, 200])
    }
  },
}

export const secretChanged: DoorClaim = {
  name: 'a secret that the stores file names no more is refused, without a restart',
  concerns: ({ keysElsewhere }) => keysElsewhere !== true,
  async check(stage, door) {
    expect(secrets.current).not.toBe(secrets.previous)
    const statusWith = async (signer: 'current' | 'previous') =>
      (await send(stage, door, [makeTold(door).delivery], { signer })).status
    try {
      await stage.writeStores('current secret')
      await expect.poll(() => statusWith('previous'), { timeout: 30_000 }).toBe(401)
      expect(await statusWith('current')).toBe(200)
    } finally {
      await stage.writeStores('both secrets')
    }
    await expect.poll(() => statusWith('previous'), { timeout: 30_000 }).toBe(200)
  },
}
