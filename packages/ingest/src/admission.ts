/** How much may be under way at once in one process; beyond it senders are told to come again. */
export type AdmissionLimits = {
  /** Deliveries that are being published. */
  readonly deliveries: number
  /** Bytes of bodies that are here, those still being read included. */
  readonly bytes: number
}

/** One request on its way through. */
export type Passage = {
  /**
   * So many more bytes have come in; false when that is too much. Until the delivery begins it may still be told to give
   * way to a smaller one; its bytes count no longer then.
   */
  weigh(bytes: number, giveWay: () => void): boolean
  /** The body is here and its delivery begins; false when too many are under way. */
  begin(): boolean
  /** Gives everything back. */
  leave(): void
}

export type Admission = {
  enter(): Passage
  /** Requests inside, reading or publishing. */
  readonly requests: number
  readonly bytes: number
}

/**
 * Bounds memory by what bodies weigh, not by how many there are: a product may have 10 MiB, most orders 10 KiB. What
 * has arrived is counted, never what was claimed: a sender that claims much and sends nothing, or slowly, takes no
 * place from the others. When there is no room left, the heaviest of those still being read gives way, so that a few
 * large bodies of somebody who never signs them do not keep everybody's orders out.
 */
export function createAdmission(limits: AdmissionLimits): Admission {
  const reading = new Set<Weighed>()
  let requests = 0
  let deliveries = 0
  let bytes = 0

  function letGo(passage: Weighed): void {
    bytes -= passage.weight
    passage.weight = 0
    reading.delete(passage)
  }

  return {
    enter() {
      const own: Weighed = { weight: 0, giveWay: () => undefined }
      let begun = 0
      let inside = 1
      requests += 1
      return {
        weigh(more, giveWay) {
          own.weight += more
          own.giveWay = giveWay
          bytes += more
          reading.add(own)
          while (bytes > limits.bytes) {
            const heaviest = heaviestOf(reading)
            if (heaviest === undefined || heaviest === own) return false
            letGo(heaviest)
            heaviest.giveWay()
          }
          return true
        },
        begin() {
          if (deliveries >= limits.deliveries) return false
          begun = 1
          deliveries += 1
          reading.delete(own)
          return true
        },
        leave() {
          requests -= inside
          deliveries -= begun
          letGo(own)
          inside = begun = 0
        },
      }
    },
    get requests() {
      return requests
    },
    get bytes() {
      return bytes
    },
  }
}

type Weighed = { weight: number; giveWay: () => void }

/** Of equals the one that came first. */
function heaviestOf(passages: Iterable<Weighed>): Weighed | undefined {
  let heaviest: Weighed | undefined
  for (const passage of passages) if (heaviest === undefined || passage.weight > heaviest.weight) heaviest = passage
  return heaviest
}
